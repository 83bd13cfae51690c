import 'fake-indexeddb/auto'
import { mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { newUuid } from '../../api/key'
import type { Account, TaskDevice } from '../../api/types'
import { db, me } from '../account'
import DeviceChoice from '../parts/DeviceChoice.vue'
import InstrumentPicker from '../parts/InstrumentPicker.vue'
import { visiting } from '../testing'
import { AMMONIA, COD, form, REGISTER } from '../visits/registered'

const wechat = vi.hoisted(() => ({ scan: vi.fn<() => Promise<string | null>>() }))
vi.mock('../../wechat/sdk', () => ({ wechat: async () => ({}) }))
vi.mock('../../wechat/scan', async (original) => ({ ...(await original<object>()), wechatScan: wechat.scan }))
afterEach(() => { document.body.innerHTML = '' })

async function scanned(wrapper: ReturnType<typeof mount>, code: string): Promise<void> {
  wechat.scan.mockResolvedValue(code)
  const button = await vi.waitFor(() => { const found = wrapper.findAll('button').find((one) => one.text().startsWith('扫一扫')); expect(found).toBeDefined(); return found! })
  await button.trigger('click')
  await vi.waitFor(() => expect(wrapper.find('[role=status]').text()).toContain(code))
}

it('an instrument of a sheet is chosen by its code, and a second scan does not take it back', async () => {
  const onChosen = vi.fn()
  const wrapper = mount(InstrumentPicker, { props: { 'modelValue': [], 'form': form('standard_check'), 'all': [COD, AMMONIA], 'sources': REGISTER, 'onUpdate:modelValue': onChosen } })
  await scanned(wrapper, 'N1')
  expect(onChosen.mock.calls).toEqual([[['N1']]])
  await wrapper.setProps({ modelValue: ['N1'] })
  await scanned(wrapper, 'N1')
  expect(onChosen).toHaveBeenCalledOnce()
})

it('a device of a visit is chosen by its code, and a second scan does not take it back', async () => {
  me.account = { id: newUuid(), kind: 'operator' } as Account
  const device = { name: '流量计', serial_number: 'LL2001', resource_id: null, version: null, held_to: null, lacks_paper: false, plans: [] } as unknown as TaskDevice
  const begun = await visiting(db())
  const visit = { ...begun, task: { ...begun.task, devices: [device] } }
  await db().visits.put(visit)
  const used = async () => (await db().visits.get(visit.id))!.used_devices
  const wrapper = mount(DeviceChoice, { props: { visit } })
  await scanned(wrapper, 'LL2001')
  await vi.waitFor(async () => expect(await used()).toEqual(['流量计 LL2001']))
  await wrapper.setProps({ visit: { ...visit, used_devices: await used() } })
  await scanned(wrapper, 'LL2001')
  expect(await used()).toEqual(['流量计 LL2001'])
})
