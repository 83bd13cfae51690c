import { ElMessageBox } from 'element-plus'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import * as focusing from './focusing'
import { asked, buttons, commands, draft, FILING, ID, open, page, press, refuse, vehicle, views } from './pageTesting'

vi.mock('element-plus/es', () => import('./testing'))
vi.mock('../../work/confirmations/SignatureField.vue', () => ({ default: { render: () => null } })) // nothing can be drawn here

describe('an operator without a filing', () => {
  beforeEach(() => (views['/api/views/filings'] = { body: { items: [], next: null } }))

  it('begins one', async () => {
    await open()
    views['/api/views/filings'] = { body: { items: [draft], next: null } }
    await press('开始备案')
    expect([commands.map(({ path }) => path), page.text().includes('草稿')]).toEqual([['/api/filing/filing'], true])
  })

  it('begins none as a technician', async () => {
    await open('/filing', 'technician')
    expect([buttons(), page.text()]).toEqual([[], '备案管理本机构还没有备案，由管理人员办理。'])
  })
})

describe('a draft', () => {
  it('says what is not handed in, and is handed in at the version that was seen', async () => {
    await open()
    expect(page.text()).toContain('尚未提交：基本信息；人员、设备、车辆、备品备件共 1 项。')
    await press('提交')
    expect(commands).toEqual([{ path: '/api/filing/filing/submission', version: '"2"' }])
  })

  it('that lacks something is not handed in, and each sentence leads to its field', async () => {
    refuse(422, { code: 'command.invalid', title: '填写有误', errors: [{ field: `resources.${ID}.papers.0.scan`, rule: 'required', sentence: '行驶证的扫描件还没有上传。' }, { field: 'basics.business_licence', rule: 'required', sentence: '营业执照还没有上传。' }] })
    await open()
    await press('提交')
    expect(page.text()).toContain('没有提交：还有 2 处没有填齐')
    await press('车辆 · 沪A12345')
    expect(page.get('[role=dialog]').attributes('title')).toBe('修改车辆')
  })

  it('without the undertaking is not handed in, and the sentence leads to where it is signed', async () => {
    views[FILING] = { body: { ...draft, undertaking: null } }
    views['/api/factors'] = { body: { signing: ['password'] } }
    refuse(422, { code: 'command.invalid', title: '填写有误', errors: [{ field: 'undertaking', rule: 'required', sentence: '请先签署书面承诺。' }] })
    await open()
    await press('提交')
    await press('书面承诺')
    expect([buttons().includes('签署承诺'), page.find('[role=dialog]').exists()]).toEqual([true, false])
  })

  it('is read by a technician and not touched', async () => {
    await open('/filing', 'technician')
    expect(buttons()).toEqual([])
    expect(page.text()).toContain('由管理人员办理，您可以查看')
  })

  it('that somebody has changed meanwhile is asked for again', async () => {
    refuse(412, { code: 'version.mismatch', title: '数据已被他人修改，请查看差异后重新提交。' })
    await open()
    const before = asked.filter((path) => path === FILING).length
    await press('提交')
    expect(asked.filter((path) => path === FILING).length).toBe(before + 1)
    expect(page.text()).toContain('数据已被他人修改')
  })
})

it('says which leases end before a contract, above and at the lease, and leads to the vehicle', async () => {
  const lease = { paper_id: 'p2', kind: 'lease', valid_to: '2027-12-31' }
  const uncovered = [{ resource_id: ID, paper_id: 'p2', title: '沪A12345', contract_id: 'c', contract: 'YW-1', last_day: '2028-01-01' }]
  views[FILING] = { body: { ...draft, uncovered } }
  views[`${FILING}/resources`] = { body: { items: [{ ...vehicle, particulars: { ...vehicle.particulars, papers: [...vehicle.particulars.papers, lease] }, uncovered }], next: null, count: 1 } }
  await open('/filing/vehicle')
  expect(page.text().split('租赁期不覆盖合同 YW-1（至 2028-01-01）')).toHaveLength(3)
  await press('车辆 · 沪A12345')
  expect(page.get('[role=dialog]').attributes('title')).toBe('修改车辆')
})

it('that is locked is handed in once its reactivation was asked for, and the page says so', async () => {
  views[FILING] = { body: { ...draft, standing: 'locked', filed_on: '2026-01-01' } }
  await open()
  const button = () => page.findAll('button').find((known) => known.text() === '提交')!
  expect([button().attributes('disabled'), page.text()]).toEqual(['', expect.stringContaining('备案已锁定，申请激活后才能提交')])
  page.unmount()
  views[FILING] = { body: { ...draft, standing: 'asked', filed_on: '2026-01-01' } }
  await open()
  expect([button().attributes('disabled'), page.text().includes('申请激活后才能提交')]).toEqual([undefined, false])
})

it('what waits can be withdrawn, not handed in again', async () => {
  views[FILING] = { body: { ...draft, state: 'first_review', number: 1, submission: { number: 1, basics_version: 2, late: false, opened_by: [] } } }
  await open()
  expect(buttons()).not.toContain('提交')
  await press('撤回')
  expect(commands.map(({ path }) => path)).toEqual(['/api/filing/filing/withdrawal'])
})

describe('what was returned and is as it was', () => {
  const asIs = { ...vehicle, remarks: [{ ...vehicle.remarks[0], unchanged: true }] }
  const steps = [...draft.steps, { what: 'submitted', at: '2026-11-02T00:00:00Z', number: 1 }, { what: 'second_review_returned', at: '2026-11-03T00:00:00Z', number: 1, remarks: vehicle.remarks }]
  const submissions = () => commands.filter(({ path }) => path.endsWith('/submission')).length
  beforeEach(() => {
    vi.mocked(ElMessageBox.confirm).mockReset()
    views[FILING] = { body: { ...draft, state: 'returned', returned: 1, number: 1, steps } }
    views[`${FILING}/resources`] = { body: { items: [asIs], next: null, count: 1 } }
  })

  it('is asked about before it is handed in again', async () => {
    vi.mocked(ElMessageBox.confirm).mockRejectedValueOnce('cancel')
    await open()
    await press('提交')
    expect([vi.mocked(ElMessageBox.confirm).mock.calls[0]?.[0], submissions()]).toEqual(['退回的 1 项没有修改，仍要提交吗？', 0])
    vi.mocked(ElMessageBox.confirm).mockResolvedValueOnce('confirm' as never)
    await press('提交')
    expect(submissions()).toBe(1)
  })

  it('is not asked about where everything was corrected', async () => {
    views[`${FILING}/resources`] = { body: { items: [vehicle], next: null, count: 1 } }
    await open()
    await press('提交')
    expect([vi.mocked(ElMessageBox.confirm).mock.calls, submissions()]).toEqual([[], 1])
  })
})

describe('a link that names a paper', () => {
  const address = `/filing/vehicle?search=沪A12345&paper=p1&resource=${ID}`

  it('opens its renewal for a manager, once', async () => {
    await open(address)
    expect(page.get('[role=dialog]').attributes('title')).toBe('换发证件：沪A12345 · 行驶证')
    expect(page.findAll('.marked').length).toBe(1)
  })

  it('marks it for who only reads', async () => {
    await open(address, 'technician')
    expect([page.find('[role=dialog]').exists(), page.findAll('.marked').length]).toEqual([false, 1])
  })
})

it('a return stands with each remark and the way to its field', async () => {
  const steps = [...draft.steps, { what: 'submitted', at: '2026-11-02T00:00:00Z', number: 1 }, { what: 'first_review_passed', at: '2026-11-02T00:00:00Z', number: 1 }, { what: 'second_review_returned', at: '2026-11-03T00:00:00Z', number: 1, remarks: vehicle.remarks }]
  views[FILING] = { body: { ...draft, state: 'returned', number: 1, steps } }
  await open()
  expect(page.text()).toContain('二审退回（第 1 次提交）')
  expect(page.text()).toContain('扫描件不清晰或不完整')
  await press('车辆 · 沪A12345 · 行驶证 · 扫描件')
  expect(page.get('[role=dialog]').attributes('title')).toBe('修改车辆')
})

it('a remark on the contact leads to the name in the form', async () => {
  const focused = vi.spyOn(focusing, 'focusField')
  const remarks = [{ resource_id: null, field: 'contact', reason: 'unreadable' }]
  views[FILING] = { body: { ...draft, state: 'returned', number: 1, steps: [...draft.steps, { what: 'first_review_returned', at: '2026-11-03T00:00:00Z', number: 1, remarks }] } }
  await open()
  await press('基本信息 · 联系人')
  expect(focused).toHaveBeenCalledWith('basics-dialog', 'contact_name')
})
