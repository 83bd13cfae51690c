import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { ElMessageBox } from 'element-plus'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter, RouterView, type Router } from 'vue-router'
import type { Account } from '../../api/types'
import { useSession } from '../../session'
import type { Filing } from '../types'
import * as focusing from './focusing'
import FilingPage from './FilingPage.vue'

vi.mock('element-plus/es', () => import('./testing'))
vi.mock('../../work/confirmations/SignatureField.vue', () => ({ default: { render: () => null } })) // nothing can be drawn here

const ID = '01890000-0000-7000-8000-000000000001'
const vehicle = { id: ID, kind: 'vehicle', version: 4, state: 'returned', title: '沪A12345', filed: null, ended_on: null, particulars: { kind: 'vehicle', plate: '沪A12345', ownership: 'owned', papers: [{ paper_id: 'p1', kind: 'vehicle_licence', valid_to: '2020-12-31' }] }, revoked: {}, remarks: [{ resource_id: ID, field: 'papers.0.scan', reason: 'unreadable' }] }
const person = (id: string, post: string) => ({ ...vehicle, id, kind: 'person', state: 'filed', title: post, remarks: [], particulars: { kind: 'person', post, technical_posts: ['maintenance'], joined_on: '2020-01-01', papers: [] } })
const basics = { name: '清源运维', uscc: '91310000000000000X', registered_in: '310000', registered_capital: '500', address: '甲路', scope: ['wastewater'], projects: 3, project_amount: '20', staff: 12 }
const draft = { operator_id: 'o1', version: 2, name: '清源运维', state: 'draft', number: 0, moved_at: '2026-11-01T00:00:00Z', late: false, filed_on: null, basics, basics_version: 2, basics_changed_on: '2026-11-01', filed_basics: null, submission: null, standing: 'active', undertaking: { edition: '2026-1', text: '承诺', given_at: '2026-11-01T00:00:00Z' }, overdue: [], remarks: [], steps: [{ what: 'begun', at: '2026-11-01T00:00:00Z' }, { what: 'basics_changed', at: '2026-11-01T00:00:00Z' }], counts: { vehicle: 1 }, unfiled: 1, contracts: { projects: 0, amount: null } } as unknown as Filing
const views: Record<string, { status?: number; body: object }> = {}
const commands: { path: string; version: string | null }[] = []
const asked: string[] = []
let refusal: { status: number; body: object } | null
let page: VueWrapper
let router: Router

const FILING = '/api/views/filings/o1'
const buttons = () => page.findAll('button').map((found) => found.text())
const press = (text: string) => page.findAll('button').find((found) => found.text() === text)!.trigger('click').then(flushPromises)

async function answer(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url)
  if (request.method === 'GET') {
    asked.push(pathname + search)
    const { status = 200, body } = views[pathname] ?? { body: { items: [], next: null, labels: {} } }
    return Response.json(body, { status })
  }
  commands.push({ path: pathname, version: request.headers.get('If-Match') })
  return refusal ? Response.json(refusal.body, { status: refusal.status }) : Response.json({ stream: 'filing-o1', version: 3 }, { status: 202 })
}

async function open(address = '/filing', role: 'manager' | 'technician' = 'manager'): Promise<void> {
  useSession().$patch({ account: { id: '1', kind: 'operator', role, organisation: 'o1' } as Account })
  router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/filing/:tab?', name: 'filing', component: FilingPage }] })
  await router.push(address)
  page = mount(RouterView, { global: { plugins: [router] } })
  await flushPromises()
}

beforeEach(() => {
  sessionStorage.clear()
  setActivePinia(createPinia())
  for (const key of Object.keys(views)) delete views[key]
  commands.length = asked.length = 0
  refusal = null
  views[FILING] = { body: draft }
  views['/api/views/filings'] = { body: { items: [draft], next: null } }
  views['/api/filing/options'] = { body: { provinces: [{ code: '310000', name: '上海市' }], return_reasons: [{ code: 'unreadable', name: '扫描件不清晰或不完整' }], undertaking: { version: '2026-1', text: '承诺', sha256: '0' }, change_months: 3, change_source: '' } }
  views['/api/filing/filings/o1/people'] = { body: { legal_representative: {}, contact: {} } }
  views[`/api/views/resources/${ID}`] = { body: vehicle }
  views[`${FILING}/resources`] = { body: { items: [vehicle], next: null, count: 1 } }
  vi.stubGlobal('fetch', answer)
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined, removeEventListener: () => undefined }))
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
})
afterEach(() => page.unmount())

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
    refusal = { status: 422, body: { code: 'command.invalid', title: '填写有误', errors: [{ field: `resources.${ID}.papers.0.scan`, rule: 'required', sentence: '行驶证的扫描件还没有上传。' }, { field: 'basics.business_licence', rule: 'required', sentence: '营业执照还没有上传。' }] } }
    await open()
    await press('提交')
    expect(page.text()).toContain('没有提交：还有 2 处没有填齐')
    await press('车辆 · 沪A12345')
    expect(page.get('[role=dialog]').attributes('title')).toBe('修改车辆')
  })

  it('without the undertaking is not handed in, and the sentence leads to where it is signed', async () => {
    views[FILING] = { body: { ...draft, undertaking: null } }
    refusal = { status: 422, body: { code: 'command.invalid', title: '填写有误', errors: [{ field: 'undertaking', rule: 'required', sentence: '请先签署书面承诺。' }] } }
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
    refusal = { status: 412, body: { code: 'version.mismatch', title: '数据已被他人修改，请查看差异后重新提交。' } }
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

describe('a past day', () => {
  const filed = { ...vehicle, state: 'changed', remarks: [], filed: { ...vehicle.particulars, plate: '沪B00001', papers: [{ paper_id: 'p1', kind: 'vehicle_licence', valid_to: '2026-03-31' }] } }
  beforeEach(() => (views[`${FILING}/resources`] = { body: { items: [filed], next: null, count: 1 } }))

  it('shows what was filed, with the days of papers counted from it, and nothing can be done', async () => {
    await open('/filing/vehicle?as_of=2026-03-01')
    expect(asked).toContain(`${FILING}?as_of=2026-03-01`)
    expect(asked.find((path) => path.startsWith(`${FILING}/resources`))).toContain('as_of=2026-03-01')
    for (const text of ['以下是 2026-03-01 的备案，包括后来才记录的更正和撤销', '沪B00001', '还有 30 天']) expect(page.text()).toContain(text)
    expect(page.text()).not.toContain('沪A12345')
    expect(buttons().filter((text) => /提交|撤回|登记|修改|换发|停用|注销/.test(text))).toEqual([])
  })

  it('stays the same day from one part to the other', async () => {
    await open('/filing/vehicle?as_of=2026-03-01&as_known=2026-04-01')
    expect(page.findAll('nav a').map((link) => link.attributes('href')).slice(0, 2)).toEqual(['/filing?as_of=2026-03-01&as_known=2026-04-01', '/filing/person?as_of=2026-03-01&as_known=2026-04-01'])
  })

  it('before the filing was begun says so, and the picker leads away from it', async () => {
    views[FILING] = { status: 404, body: { code: 'filing.missing', title: '没有找到' } }
    await open('/filing?as_of=2020-01-01')
    expect(page.text()).toContain('这一天还没有开始备案。')
    views[FILING] = { body: draft }
    await router.replace('/filing')
    await flushPromises()
    expect([page.text().includes('以下是'), buttons().includes('提交')]).toEqual([false, true])
  })

  it('that cannot be read is said as anything that fails', async () => {
    views[FILING] = { status: 403, body: { code: 'forbidden', title: '您没有执行此操作的权限。' } }
    await open('/filing?as_of=2026-03-01')
    expect(page.text()).toContain('没有找到，或您无权查看')
  })
})

describe('what happened to one of a list', () => {
  it('is told to whoever reads it, oldest first', async () => {
    const line = { what: 'added', at: '2026-01-01T00:00:00Z', by: '9', by_kind: 'operator', day: '2026-01-01', number: null, text: null, remarks: [], paper: null, days: null }
    const lines = [line, { ...line, what: 'paper_ending', by_kind: 'system', day: '2026-12-31', days: 0, paper: { paper_id: 'p1', kind: 'vehicle_licence', number: null } }]
    views[`/api/views/resources/${ID}/timeline`] = { body: { items: lines } }
    await open('/filing/vehicle', 'technician')
    await press('经过')
    expect(page.get('aside').attributes('title')).toBe('经过 · 沪A12345')
    expect(page.get('aside').text()).toMatch(/登记.*运维机构.*自 2026-01-01 起.*证件到期提醒.*系统.*行驶证 · 有效期至 2026-12-31，当天到期/)
  })

  it('may fail, and is asked for again', async () => {
    views[`/api/views/resources/${ID}/timeline`] = { status: 503, body: { code: 'unavailable', title: '暂时无法读取' } }
    await open('/filing/vehicle')
    await press('经过')
    views[`/api/views/resources/${ID}/timeline`] = { body: { items: [] } }
    await press('重试')
    expect(page.get('aside').text()).toContain('到这一天还没有记录。')
  })
})

describe('a list', () => {
  it('shows states, ended papers and missing scans, and asks by what stands in the address', async () => {
    await open('/filing/vehicle?state=returned&ends_within=60')
    expect(asked.find((path) => path.startsWith(`${FILING}/resources`))).toContain('state=returned&ends_within=60&kind=vehicle')
    for (const text of ['沪A12345', '自有', '已退回', '已过期', '扫描件未上传', '扫描件不清晰或不完整', '共 1 辆']) expect(page.text()).toContain(text)
  })

  it('finds people by names that the view does not have', async () => {
    views[`${FILING}/resources`] = { body: { items: [person('1', '工程师'), person('2', '司机')], next: null } }
    views['/api/filing/filings/o1/names'] = { body: { items: [{ id: '1', name: '王芳' }, { id: '2', name: '陈强' }] } }
    await open('/filing/person?search=陈')
    expect(asked.some((path) => path.includes('search'))).toBe(false)
    expect([page.findAll('tr').length, page.get('tr').text().includes('陈强')]).toEqual([1, true])
  })

  it('is kept as an Excel file with the filters of the list, and filled from one where the kind has a sheet', async () => {
    vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:', revokeObjectURL: () => undefined }))
    await open('/filing/person?search=陈&state=filed')
    await press('导出')
    const file = asked.find((path) => path.includes('resources.xlsx'))!
    expect(Object.fromEntries(new URL(file, 'http://x').searchParams)).toEqual({ kind: 'person', search: '陈', state: 'filed' })
    await press('导入')
    expect(router.currentRoute.value.fullPath).toBe('/filing/import?from=person')
    page.unmount()
    await open('/filing/vehicle')
    expect([buttons().includes('导入'), buttons().includes('导出')]).toEqual([false, true])
    page.unmount()
    await open('/filing/device', 'technician')
    expect([buttons().includes('导入'), buttons().includes('导出')]).toEqual([false, true])
  })

  it('says why it is empty', async () => {
    views[`${FILING}/resources`] = { body: { items: [], next: null, count: 0 } }
    await open('/filing/device')
    expect(page.text()).toContain('还没有登记设备。')
    page.unmount()
    await open('/filing/device?state=ended')
    expect(page.text()).toContain('没有符合条件的设备')
  })
})
