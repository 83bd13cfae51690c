import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { ElMessage } from 'element-plus'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import type { Account } from '../../api/types'
import { today } from '../../days'
import { useSession } from '../../session'
import * as uploads from '../../work/upload'
import BasicsDialog from './BasicsDialog.vue'
import EndResourceDialog from './EndResourceDialog.vue'
import RenewDialog from './RenewDialog.vue'
import ResourceDialog from './ResourceDialog.vue'
import { scan, paper, vehicle, filed, options } from './samples'

vi.mock('element-plus/es', () => import('./testing'))
vi.mock('../../work/upload', () => ({ upload: vi.fn() }))

interface Sent { path: string; body: Record<string, unknown>; version: string | null }
const sent: Sent[] = []
/** What the next command is answered with instead of being accepted. */
const refusals: { status: number; body: object }[] = []
const views: Record<string, object> = {}
let page: VueWrapper


const button = (text: string) => page.findAll('button').find((found) => found.text() === text)!.trigger('click').then(flushPromises)
const type = (label: string, text: string) => page.get(`input[aria-label="${label}"]`).setValue(text)
const said = (field: string) => page.find(`[data-field="${field}"] > em`)
const commands = () => sent.filter(({ path }) => path.startsWith('/api/filing'))

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  if (request.method === 'GET') return Response.json(views[pathname] ?? { items: [] })
  sent.push({ path: pathname, body: await request.json(), version: request.headers.get('If-Match') })
  if (pathname === '/api/files/evidence') return Response.json({ token: 'stored', contents: {}, files: {} })
  const refusal = refusals.shift()
  return refusal ? Response.json(refusal.body, { status: refusal.status }) : Response.json({ stream: 'resource-1', version: 1 }, { status: 202 })
}

async function opened(dialog: object, ...task: unknown[]): Promise<void> {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: { render: () => null } }] })
  page = mount(dialog, { global: { plugins: [router] } })
  ;(page.vm as unknown as { show: (...task: unknown[]) => void }).show(...task)
  await flushPromises()
}

async function choose(): Promise<void> {
  const input = page.get('input[type=file]')
  Object.defineProperty(input.element, 'files', { value: [new File(['x'], '证书.jpg', { type: 'image/jpeg' })], configurable: true })
  await input.trigger('change')
  await flushPromises()
}

beforeEach(() => {
  sessionStorage.clear()
  sent.length = refusals.length = 0
  for (const key of Object.keys(views)) delete views[key]
  setActivePinia(createPinia())
  useSession().$patch({ account: { id: '1', kind: 'operator', role: 'manager', organisation: 'o1' } as Account })
  vi.stubGlobal('fetch', answer)
  vi.spyOn(console, 'warn').mockImplementation(() => undefined) // no page stands around the dialog
  vi.mocked(ElMessage).mockClear()
})
afterEach(() => page.unmount())

describe('a new vehicle', () => {
  beforeEach(() => opened(ResourceDialog, { kind: 'vehicle', base: null, name: '' }))

  it('is not sent while something is missing', async () => {
    await button('保存')
    expect([said('plate').text(), commands()]).toEqual(['请填写号牌号码。', []])
    await type('号牌号码', '沪A12345')
    expect(said('plate').exists()).toBe(false)
  })

  it('is entered with its scan, for which the files service gives its word', async () => {
    vi.mocked(uploads.upload).mockResolvedValue(scan)
    await type('号牌号码', ' 沪A12345 ')
    await type('车辆来源', 'owned')
    await choose()
    await button('保存')
    expect(sent.map(({ path }) => path)).toEqual(['/api/files/evidence', '/api/filing/resources'])
    expect(sent[0]?.body).toEqual({ contents: [], files: [scan.sha256] })
    expect(sent[1]?.body).toMatchObject({ particulars: { kind: 'vehicle', plate: '沪A12345', ownership: 'owned', papers: [{ kind: 'vehicle_licence', scan }] }, changed_on: today(), evidence: 'stored' })
    expect(page.find('[role=dialog]').exists()).toBe(false)
  })

  it('shows its plate as it is painted once it was typed', async () => {
    const plate = page.get('input[aria-label="号牌号码"]')
    await plate.setValue('沪ａd12345')
    await plate.trigger('change')
    expect((plate.element as HTMLInputElement).value).toBe('沪AD12345')
  })

  it('is a draft where the scan never arrived, and says so', async () => {
    vi.mocked(uploads.upload).mockRejectedValue({ title: '无法连接服务器，请检查网络后重试。' })
    await type('号牌号码', '沪A12345')
    await type('车辆来源', 'owned')
    await type('有效期止', '2027-01-01')
    await choose()
    expect(page.text()).toContain('无法连接服务器')
    await button('保存')
    expect(commands()[0]?.body).toMatchObject({ particulars: { papers: [{ valid_to: '2027-01-01', scan: null }] } })
    expect(commands()[0]?.body).not.toHaveProperty('evidence')
    expect(vi.mocked(ElMessage).mock.calls[0]?.[0]).toMatchObject({ message: '已保存为草稿，还有扫描件没有上传' })
  })

  it('cannot be saved while a scan is on its way', async () => {
    vi.mocked(uploads.upload).mockReturnValue(new Promise(() => undefined))
    await choose()
    expect(page.findAll('button').find((found) => found.text() === '保存')!.attributes('disabled')).toBeDefined()
  })

  it('leaves out a paper of which nothing was typed', async () => {
    await type('号牌号码', '沪A12345')
    await type('车辆来源', 'owned')
    await button('保存')
    expect(commands()[0]?.body).toMatchObject({ particulars: { papers: [] } })
  })

  it.each([
    [409, { code: 'plate.taken', title: '该编号已被使用，编号不能重复使用。', value: '沪A12345' }, 'plate', '该号牌已登记在另一条车辆中'],
    [422, { code: 'command.invalid', title: '填写有误', errors: [{ field: 'particulars.papers.0.valid_to', rule: 'x', sentence: '有效期止不对。' }] }, 'papers.0.valid_to', '有效期止不对。'],
  ])('shows a refusal (%s) at its field', async (status, body, field, sentence) => {
    refusals.push({ status, body })
    await type('号牌号码', '沪A12345')
    await type('车辆来源', 'owned')
    await type('有效期止', '2027-01-01')
    await button('保存')
    expect(said(field).text()).toContain(sentence)
  })
})

describe('a correction', () => {
  it('needs a reason, names the version it is based on, and asks for no word of files that were there', async () => {
    await opened(ResourceDialog, { kind: 'vehicle', base: vehicle, name: '' })
    await type('号牌号码', '沪B12345')
    await button('保存')
    expect(said('reason').text()).toBe('请填写修改原因。')
    await type('修改原因', '写错了')
    await button('保存')
    expect(sent.map(({ path, version }) => [path, version])).toEqual([['/api/filing/resources/v1/correction', '"4"']])
    expect(sent[0]?.body).toMatchObject({ reason: '写错了', particulars: { plate: '沪B12345', papers: [{ paper_id: 'p1', scan }] } })
  })

  it('goes on over what another has saved, and keeps what was typed', async () => {
    refusals.push({ status: 412, body: { code: 'version.mismatch', title: '数据已被他人修改，请查看差异后重新提交。' } })
    views['/api/views/resources/v1'] = { ...vehicle, version: 5, particulars: { ...vehicle.particulars, ownership: 'leased' } }
    await opened(ResourceDialog, { kind: 'vehicle', base: vehicle, name: '' })
    await type('号牌号码', '沪B12345')
    await type('修改原因', '写错了')
    await button('保存')
    await button('并入他人的修改，继续填写')
    await button('保存')
    expect(commands().map(({ version, body }) => [version, (body.particulars as { plate: string; ownership: string }).plate, (body.particulars as { ownership: string }).ownership])).toEqual([['"4"', '沪B12345', 'owned'], ['"5"', '沪B12345', 'leased']])
  })

  it('sends the name of a person only where it is another', async () => {
    const person = { ...vehicle, kind: 'person', particulars: { kind: 'person', post: '工程师', technical_posts: ['maintenance'], joined_on: '2020-01-01', papers: [] } }
    await opened(ResourceDialog, { kind: 'person', base: person, name: '张三' })
    await type('岗位', '组长')
    await type('修改原因', '升职')
    await button('保存')
    expect(commands()[0]?.body).not.toHaveProperty('name')
    expect(commands()[0]?.body).toMatchObject({ particulars: { post: '组长', technical_posts: ['maintenance'] } })
  })
})

describe('the renewal of a paper', () => {
  beforeEach(() => opened(RenewDialog, vehicle, paper, '沪A12345 · 行驶证'))

  it('replaces the old one with a paper of its own id', async () => {
    await button('保存')
    expect(said('papers.0.valid_to').text()).toBe('请填写新证件的有效期止。')
    await type('有效期止', '2028-12-31')
    await button('保存')
    const { path, body } = commands()[0]!
    expect([path, body]).toMatchObject(['/api/filing/resources/v1/papers', { replaces: 'p1', paper: { kind: 'vehicle_licence', valid_to: '2028-12-31' } }])
    expect((body.paper as { paper_id: string }).paper_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/)
  })

  it('shows what the server says of the new paper at its fields', async () => {
    refusals.push({ status: 422, body: { code: 'command.invalid', title: '填写有误', errors: [{ field: 'paper.valid_from', rule: 'overlapping', sentence: '编号重叠。' }] } })
    await type('有效期止', '2028-12-31')
    await button('保存')
    expect(said('papers.0.valid_from').text()).toBe('编号重叠。')
  })
})

describe('a lease that ends before a contract', () => {
  const notes = [{ field: 'paper.valid_to', rule: 'covers-contract', sentence: '租赁期不覆盖合同 YW-1（至 2028-01-01）。' }]
  const warned = () => vi.mocked(ElMessage).mock.calls.map(([given]) => (given as { message: string }).message)
  beforeEach(() => refusals.push({ status: 202, body: { stream: 'resource-v1', version: 5, notes } }))

  it('is stored and said after a renewal', async () => {
    await opened(RenewDialog, vehicle, paper, '行驶证')
    await type('有效期止', '2028-12-31')
    await button('保存')
    expect(warned()).toContain(notes[0]!.sentence)
  })

  it('is stored and said after a correction', async () => {
    await opened(ResourceDialog, { kind: 'vehicle', base: vehicle, name: '' })
    await type('号牌号码', '沪A54321')
    await type('修改原因', '更正')
    await button('保存')
    expect([page.find('[role=dialog]').exists(), warned().at(-1)]).toEqual([false, notes[0]!.sentence])
  })
})

it('an end has a last day and a reason', async () => {
  await opened(EndResourceDialog, vehicle, '沪A12345')
  await button('停用')
  expect([page.text().includes('请填写停用原因。'), commands()]).toEqual([true, []])
  await type('停用原因', '报废')
  await button('停用')
  expect(commands()).toMatchObject([{ path: '/api/filing/resources/v1/ending', version: '"4"', body: { last_day: today(), reason: '报废' } }])
})

describe('the basics', () => {
  const people = { legal_representative: { name: '李' }, contact: { name: '王', phone: '021' } }
  beforeEach(() => opened(BasicsDialog, { base: filed, options, people }, 'uscc'))

  it('begin with what is known, and say what the contracts say beside what is declared', () => {
    expect((page.get('input[aria-label="法定代表人"]').element as HTMLInputElement).value).toBe('李')
    expect(page.text()).toContain('本系统中企业已确认、正在履行的合同：2 份')
    expect(page.text()).toContain('发生变化后应在 3 个月内申报')
  })

  it('are sent with who was typed anew, from today, over the version that was seen', async () => {
    await type('员工人数', '15')
    await type('联系电话', '022')
    await button('保存')
    expect(commands()).toMatchObject([{ path: '/api/filing/filing/basics', version: '"7"', body: { basics: { staff: 15, scope: ['wastewater'], business_licence: scan }, contact: { name: '王', phone: '022' }, changed_on: today() } }])
    expect(commands()[0]?.body).not.toHaveProperty('legal_representative')
  })

  it('show a refusal at its field, and that the code is taken', async () => {
    refusals.push({ status: 422, body: { code: 'command.invalid', title: '填写有误', errors: [{ field: 'basics.uscc', rule: 'x', sentence: '代码不正确。' }, { field: 'basics', rule: 'x', sentence: '整体不对。' }] } }, { status: 409, body: { code: 'operator-uscc.taken', title: '该编号已被使用' } })
    await type('员工人数', '15')
    await button('保存')
    expect([said('uscc').text(), page.findAll('[role=alert] p').map((found) => found.text())]).toEqual(['代码不正确。', ['整体不对。']])
    await button('保存')
    expect(said('uscc').text()).toBe('该统一社会信用代码已由另一家机构用于备案，请核对。')
  })
})
