import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Assignee, AssigneeV2, Device, DeviceV2 } from '../../api/types'
import { useSession } from '../../session'
import CrewFields from './CrewFields.vue'

vi.mock('../../api/work', () => ({
  colleagues: () => Promise.resolve([{ id: 'a', name: 'zhang', label: '张某' }, { id: 'b', name: 'li', label: '李某' }]),
  filedResources: () => Promise.resolve([{ id: 'd', state: 'filed', filed: { kind: 'device', name: '烟气仪', model: 'GA-21', serial_number: 'S-1' } }]),
}))

const slot = { template: '<div><slot /></div>' }
const stubs = { ElFormItem: slot, ElSelect: { props: ['ariaLabel'], template: '<div class="select">{{ ariaLabel }}</div>' }, ElOption: true, ElInput: { props: ['ariaLabel'], template: '<i>{{ ariaLabel }}</i>' }, ElDatePicker: { template: '<b>日期</b>' }, ElButton: slot }

async function shown(assignees: Assignee[], devices: Device[], filed: { assignees: AssigneeV2[]; devices: DeviceV2[] } | null = null): Promise<string[]> {
  const page = mount(CrewFields, { props: { assignees, devices, filed, errors: {} }, global: { stubs } })
  await flushPromises()
  return page.findAll('li').map((row) => row.text().replace(/\s+/g, ' '))
}

beforeEach(() => {
  setActivePinia(createPinia())
  useSession().account = { id: 'm', name: 'm', label: 'm', kind: 'operator', role: 'manager', district: null, organisation: 'o', signs: false, organisation_name: '甲' }
})

describe('the crew of a plan', () => {
  it('shows the end of a filed certificate and asks for the date of who is not filed', async () => {
    const filed = { assignees: [{ account: 'a', certificate_to: '2028-02-29', resource_id: 'r' }, { account: 'b', certificate_to: null, resource_id: null }], devices: [] }
    expect(await shown([{ account: 'a' }, { account: 'b' }], [], filed)).toEqual(['张某备案的证书至 2028-02-29', '李某证书有效期至日期'])
  })

  it('asks for nothing that the filing knows of a device, and for all of one that is not filed', async () => {
    const devices = [{ name: '烟气仪 GA-21', serial_number: 'S-1' }, { name: '旧秤', serial_number: 'X' }]
    const [known, other] = await shown([], devices)
    expect(known).toBe('烟气仪 GA-21 S-1检定/校准有效期以备案为准删除')
    expect(other).toContain('第 2 台设备的名称')
    expect(other).toContain('日期')
  })

  it('shows until when the filed device is calibrated once the preview has said it', async () => {
    const filed = { assignees: [], devices: [{ name: '烟气仪 GA-21', serial_number: 'S-1', calibrated_to: '2027-01-31', resource_id: 'd' }] }
    expect((await shown([], [{ name: '烟气仪 GA-21', serial_number: 'S-1' }], filed))[0]).toBe('烟气仪 GA-21 S-1备案的检定/校准至 2027-01-31删除')
  })
})
