import 'fake-indexeddb/auto'
import { mount } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'
import type { Account } from '../../api/types'
import { newUuid } from '../../api/key'
import { db, me } from '../account'
import DeviceChoice from '../parts/DeviceChoice.vue'
import { TASK } from '../testing'
import type { TaskDevice, Visit } from '../types'
import { chosen, deviceProblem, usedDevices } from './devices'
import { begin, signOut } from './visit'

const PLAN = TASK.work[0]!.plan_id
const device = (serial_number: string, more: Partial<TaskDevice> = {}): TaskDevice =>
  ({ name: '烟气分析仪 GA-21', serial_number, resource_id: `id-${serial_number}`, version: 2, held_to: '2999-12-31', lacks_paper: false, plans: [PLAN], ...more })
const DEVICES = [device('SN-1'), device('SN-2', { held_to: '2020-01-01' }), device('SN-3', { plans: ['another plan'] })]
const SIGNATURE = { image: new Blob(['png'], { type: 'image/png' }), strokes: new Blob(['[]'], { type: 'application/json' }) }

async function visiting(devices: TaskDevice[] | undefined): Promise<Visit> {
  me.account = { id: newUuid(), kind: 'operator' } as Account
  return begin(db(), { ...TASK, devices }, TASK.work)
}

async function sent(visit: Visit): Promise<unknown> {
  await signOut(db(), visit, null, [], SIGNATURE)
  const bodies = (await db().outbox.toArray()).map((command) => command.body as { sign_out?: { devices: unknown } })
  return bodies.find((body) => body?.sign_out)?.sign_out?.devices
}

it('without a touch the devices of the plans of the visit are named, with the filed version that the phone had', async () => {
  const visit = await visiting(DEVICES)
  expect(await sent(visit)).toEqual([
    { name: '烟气分析仪 GA-21', serial_number: 'SN-1', resource_id: 'id-SN-1', version: 2 },
    { name: '烟气分析仪 GA-21', serial_number: 'SN-2', resource_id: 'id-SN-2', version: 2 },
  ])
})

it('what is chosen by a touch is kept at once and sent', async () => {
  const visit = await visiting(DEVICES)
  const page = mount(DeviceChoice, { props: { visit } })
  expect(page.findAll('button').map((button) => button.attributes('aria-pressed'))).toEqual(['true', 'true', 'false'])
  expect(page.text()).toContain('（SN-2）检定或校准有效期至 2020-01-01，本次运维将标记“设备检定校准未覆盖当日”')
  await page.findAll('button')[1]!.trigger('click')
  await vi.waitFor(async () => expect((await db().visits.get(visit.id))?.used_devices).toEqual(['id-SN-1']))
  const kept = (await db().visits.get(visit.id))!
  await page.setProps({ visit: kept })
  expect(page.text()).not.toContain('有效期至')
  await page.findAll('button')[2]!.trigger('click')
  await vi.waitFor(async () => expect((await db().visits.get(visit.id))?.used_devices).toEqual(['id-SN-1', 'id-SN-3']))
  expect(((await sent(visit)) as { serial_number: string }[]).map((used) => used.serial_number)).toEqual(['SN-1', 'SN-3'])
})

it('none is chosen where the technician says that none was used', async () => {
  const visit = await visiting([device('SN-1')])
  expect(usedDevices({ ...visit, used_devices: [] })).toEqual([])
})

it('a visit that was begun before devices were sent along names none', async () => {
  expect(await sent(await visiting(undefined))).toEqual([])
})

it('a visit that is for no plan has no device chosen, but may choose one', async () => {
  const visit = await visiting(DEVICES)
  expect([...chosen({ ...visit, opening: { ...visit.opening, cycles: [] } })]).toEqual([])
})

it.each([
  [{}, ''],
  [{ held_to: null }, ''],
  [{ held_to: '2026-11-20' }, ''],
  [{ held_to: '2026-11-19' }, '检定或校准有效期至 2026-11-19'],
  [{ held_to: null, lacks_paper: true }, '没有已备案的检定或校准证书'],
  [{ held_to: '2026-11-19', resource_id: null }, ''],
] as const)('of a device that is %j it says: %s', (more, said) => {
  expect(deviceProblem(device('SN-1', more), '2026-11-20')).toBe(said)
})

it('two devices of one serial number are chosen apart', async () => {
  const other = device('SN-1', { name: '烟气分析仪 GB-7', resource_id: 'another' })
  const visit = await visiting([device('SN-1'), other])
  expect(usedDevices({ ...visit, used_devices: ['another'] }).map(({ name }) => name)).toEqual(['烟气分析仪 GB-7'])
})
