import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { ElMessageBox } from 'element-plus'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter, RouterView, type Router } from 'vue-router'
import type { Account, FileRef } from '../../api/types'
import { useSession } from '../../session'
import * as uploads from '../../work/upload'
import type { ImportedRow, ResourceImport } from '../types'
import ImportPage from './ImportPage.vue'

vi.mock('element-plus/es', () => import('../own/testing'))
vi.mock('../../work/upload', () => ({ upload: vi.fn() }))

const row = (number: number, outcome: ImportedRow['outcome'], more: Partial<ImportedRow> = {}): ImportedRow =>
  ({ sheet: '人员', row: number, kind: 'person', title: `王${number}`, outcome, scan: null, resource_id: null, paper_id: null, ...more })
const problem = { sheet: '人员', row: 3, column: '入职日期', cell: 'F3', field: 'joined_on', rule: 'future', sentence: '不能晚于今天。' }
const start: ResourceImport = { file_name: '名单.xlsx', rows: [row(2, 'new', { scan: '王2.pdf' }), row(3, 'refused'), row(4, 'new', { scan: '王4.pdf' })], problems: [problem], notes: [], blocked: false, left_out: 0, sheets_not_read: [] }
const ofRow = (number: number) => ({ resource_id: `r${number}`, paper_id: `p${number}` })
const entered: ResourceImport = { ...start, rows: [row(2, 'added', { scan: '王2.pdf', ...ofRow(2) }), row(3, 'refused'), row(4, 'added', { scan: '王4.pdf', ...ofRow(4) })] }
const person = (number: number) => ({ id: `r${number}`, kind: 'person', version: 1, changed_on: '2026-11-01', particulars: { kind: 'person', post: '运维', papers: [{ paper_id: `p${number}`, kind: 'competence_certificate', scan: null }] } })
const scan = { sha256: 'a'.repeat(64), size: 9, media_type: 'application/pdf', name: '王2.pdf' } as FileRef

interface Sent { path: string; key: string | null; waits: string | null; body: unknown }
const sent: Sent[] = []
const answers: Record<string, { status?: number; body: object }> = {}
let page: VueWrapper
let router: Router

const buttons = () => page.findAll('button').map((found) => found.text())
const press = (text: string) => page.findAll('button').find((found) => found.text() === text)!.trigger('click').then(flushPromises)
const alerts = () => page.findAll('[role=alert]').map((found) => found.text())

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  const isJson = request.headers.get('Content-Type')?.startsWith('application/json')
  sent.push({ path: pathname, key: request.headers.get('Idempotency-Key'), waits: request.headers.get('If-Version-At-Least'), body: isJson ? await request.json() : null })
  const { status = pathname.endsWith('/correction') ? 202 : 200, body } = answers[pathname] ?? { body: { stream: 'resource-r', version: 2 } }
  return Response.json(body, { status })
}

async function choose(label: string, ...files: string[]): Promise<void> {
  const input = page.get(`input[aria-label="${label}"]`)
  Object.defineProperty(input.element, 'files', { value: files.map((name) => new File(['x'], name)), configurable: true })
  await input.trigger('change')
  await flushPromises()
}

async function open(role: 'manager' | 'technician' = 'manager'): Promise<void> {
  useSession().$patch({ account: { id: '1', kind: 'operator', role, organisation: 'o1' } as Account })
  router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/filing/import', component: ImportPage }, { path: '/:rest*', component: { render: () => null } }] })
  await router.push('/filing/import?from=person')
  page = mount(RouterView, { global: { plugins: [router] } })
  await flushPromises()
}

beforeEach(() => {
  sessionStorage.clear()
  setActivePinia(createPinia())
  sent.length = 0
  for (const key of Object.keys(answers)) delete answers[key]
  answers['/api/filing/imports/check'] = { body: start }
  answers['/api/filing/imports'] = { body: entered }
  answers['/api/files/evidence'] = { body: { token: 'stored', contents: {}, files: {} } }
  for (const number of [2, 4]) answers[`/api/views/resources/r${number}`] = { body: person(number) }
  vi.mocked(uploads.upload).mockReset().mockResolvedValue(scan)
  vi.stubGlobal('fetch', answer)
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
})
afterEach(() => page.unmount())

describe('a workbook', () => {
  it('is checked first, and nothing is entered before the button', async () => {
    await open()
    await choose('选择 Excel 文件', '名单.xlsx')
    expect(sent.map(({ path }) => path)).toEqual(['/api/filing/imports/check'])
    expect(alerts()[0]).toBe('共 3 行，2 行可以登记，1 行有问题。')
    expect(page.text()).toContain('不能晚于今天。')
    expect(buttons()).toContain('登记 2 行')
  })

  it('is entered under the same key again where the answer was lost', async () => {
    await open()
    await choose('选择 Excel 文件', '名单.xlsx')
    answers['/api/filing/imports'] = { status: 503, body: { code: 'store.away', title: '服务暂时不可用，请稍后重试。' } }
    await press('登记 2 行')
    expect(alerts()[0]).toContain('服务暂时不可用')
    answers['/api/filing/imports'] = { body: entered }
    await press('登记 2 行')
    const tries = sent.filter(({ path }) => path === '/api/filing/imports')
    expect([tries.length, new Set(tries.map(({ key }) => key)).size]).toEqual([2, 1])
    expect(page.text()).toContain('已登记 2 行，1 行有问题。')
  })

  it('waits while somebody else of the operator imports', async () => {
    await open()
    await choose('选择 Excel 文件', '名单.xlsx')
    answers['/api/filing/imports'] = { status: 409, body: { code: 'import.running', title: '本单位正在导入，请稍后再试。' } }
    await press('登记 2 行')
    expect([alerts()[0], buttons().includes('登记 2 行')]).toEqual([expect.stringContaining('本单位正在导入，请稍后再试。'), true])
    answers['/api/filing/imports'] = { body: entered }
    await press('登记 2 行')
    expect(page.text()).toContain('已登记 2 行，1 行有问题。')
  })

  it('that cannot be read says why and may be chosen anew', async () => {
    answers['/api/filing/imports/check'] = { status: 422, body: { code: 'command.invalid', title: '填写的内容有误，请按提示修改。', errors: [{ field: 'file', rule: 'unreadable', sentence: '一次最多导入 1000 行，请分几个文件导入。' }] } }
    await open()
    await choose('选择 Excel 文件', '名单.xlsx')
    expect([alerts()[0], buttons().includes('选择文件')]).toEqual([expect.stringContaining('一次最多导入 1000 行'), true])
  })

  it('whose sheets are wrong is not entered', async () => {
    answers['/api/filing/imports/check'] = { body: { ...start, blocked: true } }
    await open()
    await choose('选择 Excel 文件', '名单.xlsx')
    expect(buttons().some((text) => text.startsWith('登记'))).toBe(false)
  })

  it('is none of a technician’s business', async () => {
    await open('technician')
    expect([page.text().includes('备案由本机构的管理人员办理。'), page.find('input').exists(), buttons().includes('下载模板')]).toEqual([true, false, false])
  })
})

describe('the scans of what was entered', () => {
  beforeEach(async () => {
    await open()
    await choose('选择 Excel 文件', '名单.xlsx')
    await press('登记 2 行')
  })

  it('go to the paper of the row that names them, and the others are named', async () => {
    await choose('选择扫描件', '王2.PDF', '多余.png')
    const [correction] = sent.filter(({ path }) => path === '/api/filing/resources/r2/correction')
    expect(correction!.body).toMatchObject({ evidence: 'stored', changed_on: '2026-11-01', reason: '补传扫描件', particulars: { post: '运维', papers: [{ paper_id: 'p2', scan }] } })
    expect(sent.find(({ path }) => path === '/api/views/resources/r2')!.waits).toBe('resource-r2@1')
    expect(page.text()).toContain('还有 1 份扫描件没有上传')
    expect(alerts().at(-1)).toContain('多余.png')
    expect(page.findAll('.scans li').map((found) => found.text())).toEqual(['人员 第 4 行 王4：王4.pdf'])
  })

  it('that do not arrive are said beside their row and may be dropped again', async () => {
    vi.mocked(uploads.upload).mockRejectedValueOnce({ title: '文件没有传完，请重试。', errors: [] })
    await choose('选择扫描件', '王2.pdf')
    expect(page.findAll('.scans li')[0]!.text()).toContain('文件没有传完，请重试。')
    await choose('选择扫描件', '王2.pdf', '王4.pdf')
    expect(page.text()).toContain('扫描件都已上传。')
  })

  it('are waited for before the page is left', async () => {
    let arrive: (found: FileRef) => void = () => undefined
    vi.mocked(uploads.upload).mockReturnValueOnce(new Promise((done) => (arrive = done)))
    await choose('选择扫描件', '王2.pdf')
    const asked = vi.spyOn(ElMessageBox, 'confirm').mockResolvedValue('confirm' as never)
    await router.push('/elsewhere')
    expect([asked.mock.calls.length, router.currentRoute.value.path]).toEqual([1, '/filing/import'])
    arrive(scan)
    await flushPromises()
    await router.push('/elsewhere')
    expect(router.currentRoute.value.path).toBe('/elsewhere')
  })
})
