import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter, RouterView, type Router } from 'vue-router'
import { Problem } from '../../api/problem'
import type { Account, Kind } from '../../api/types'
import type * as Work from '../../api/work'
import DownloadButton from '../../components/DownloadButton.vue'
import { useSession } from '../../session'
import FilingOfPage from './FilingOfPage.vue'
import FilingsPage from './FilingsPage.vue'
import PapersPage from './PapersPage.vue'
import { filing, lines, person, row } from './samples'
import type { ExpiringPaper } from './types'

vi.mock('element-plus/es', async () => {
  const { defineComponent, h, inject, provide } = await import('vue')
  const named = (name: string) => defineComponent({ name, props: ['title', 'description', 'subTitle', 'timestamp', 'modelValue', 'value'], setup: (props, { slots }) => () => h('div', [props.title, props.description, props.subTitle, slots.default?.(), slots.extra?.(), slots.first?.()]) })
  const ElTable = defineComponent({ props: ['data'], setup: (props, { slots }) => (provide('rows', () => props.data), () => h('div', slots.default?.())) })
  const ElTableColumn = defineComponent({ props: ['label'], setup: (props, { slots }) => ((rows) => () => h('div', { class: 'column' }, [h('b', props.label), rows().map((row) => h('p', slots.default?.({ row })))]))(inject('rows') as () => object[]) })
  const ElButton = defineComponent({ name: 'ElButton', props: ['disabled'], emits: ['click'], setup: (props, { slots, emit }) => () => h('button', { disabled: props.disabled || undefined, onClick: () => emit('click') }, slots.default?.()) })
  const ElDialog = defineComponent({ name: 'ElDialog', props: ['modelValue', 'title'], setup: (props, { slots }) => () => (props.modelValue ? h('div', { role: 'dialog' }, [props.title, slots.default?.(), slots.footer?.()]) : null) })
  const names = ['ElAlert', 'ElEmpty', 'ElResult', 'ElSkeleton', 'ElInput', 'ElSelect', 'ElOption', 'ElRadioGroup', 'ElRadioButton', 'ElPagination', 'ElTimeline', 'ElTimelineItem', 'ElForm', 'ElFormItem', 'ElDatePicker', 'ElPopover', 'ElCheckboxGroup', 'ElCheckbox', 'ElDrawer', 'ElTag']
  return { ElMessage: vi.fn(), ElMessageBox: { confirm: vi.fn() }, ElButton, ElDialog, ElTable, ElTableColumn, ...Object.fromEntries(names.map((name) => [name, named(name)])) }
})
vi.mock('../../api/work', async (original) => ({ ...(await original<typeof Work>()), labels: async () => ({ she: '市局 · 王' }), choices: async () => ({ items: [], more: false }) }))

const server = vi.hoisted(() => ({ asked: [] as unknown[], rows: [] as unknown[], papers: [] as unknown[], named: [] as string[], problem: null as unknown, passing: [] as unknown[], passed: [] as unknown[], begun: true }))
vi.mock('./asking', () => ({
  filings: async (query: unknown) => {
    server.asked.push(query)
    if (server.problem) throw server.problem
    return { items: server.rows, next: null, count: server.rows.length }
  },
  passFilings: async (body: unknown, key: string) => (server.passing.push([body, key]), { items: server.passed }),
  everyWaiting: async () => server.rows,
  papers: async (query: unknown) => (server.asked.push(query), { items: server.papers, next: null, count: server.papers.length }),
  names: async (operator: string) => (server.named.push(operator), new Map([['p', { id: 'p', name: '王五' }]])),
  filingOn: async (_: string, days: unknown) => (server.asked.push({ ...(days as object) }), server.begun ? filing : null),
  filing: async () => filing,
  people: async () => ({ legal_representative: { erased: true }, contact: { name: '李四', phone: '138' } }),
  options: async () => ({ provinces: [{ code: '310000', name: '上海市' }], return_reasons: [{ code: 'mismatch', name: '填写内容与证件不一致' }] }),
  resources: async (_: string, query: unknown) => (server.asked.push(query), { items: [person], next: null, count: 1 }),
}))
vi.mock('../api', () => ({ timeline: async (_: string, days: unknown) => (server.asked.push(days), { items: lines }) }))

let page: VueWrapper
let router: Router
async function shown(path: string, kind: Kind = 'regulator', district = '310000', role?: Account['role']): Promise<void> {
  const pinia = createPinia()
  setActivePinia(pinia)
  useSession().$patch({ account: { id: 'me', kind, district, role, label: '' } as Account })
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined, removeEventListener: () => undefined }))
  router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/filings', name: 'filings', component: FilingsPage }, { path: '/filings/:operatorId', component: FilingOfPage }, { path: '/papers', name: 'papers', component: PapersPage }, { path: '/:rest(.*)*', component: { template: '<i />' } }] })
  await router.push(path)
  page = mount(RouterView, { global: { plugins: [router, pinia] } })
  await flushPromises()
}
const choose = async (label: string, value: unknown) => {
  page.findAllComponents({ name: 'ElRadioGroup' }).find((group) => group.attributes('aria-label') === label)!.vm.$emit('update:modelValue', value)
  await flushPromises()
}
const columns = () => page.findAll('.column > b').map((title) => title.text())
const links = () => [...new Set(page.findAll('.column a').map((link) => link.attributes('href')))]

beforeEach(() => Object.assign(server, { asked: [], rows: [], papers: [], named: [], problem: null, passing: [], passed: [], begun: true }))

describe('the queue of reviews', () => {
  it('asks for what waits, and leads to its review', async () => {
    server.rows = [row('1', 'first_review', { late: true, returned: 2 }), row('2', 'second_review', { moved_at: new Date().toISOString() })]
    await shown('/filings')
    expect(server.asked).toEqual([{ state: 'waiting', limit: 50, page: 1 }])
    expect(columns()).toEqual(['机构名称', '步骤', '等待自', '提交', '退回次数', '变更期限', '同时通过', '操作'])
    expect(links()).toEqual(['/filings/1/review', '/filings/2/review'])
    expect(page.findAll('.share b').map((figure) => figure.text())).toEqual(['2', '1', '1'])
    expect(page.findAll('.long').length).toBe(1)
    expect(page.text()).toContain('变更逾期报告')
  })

  it('shows every operator on request, with filters that stand in the address', async () => {
    server.rows = [row('1', 'returned')]
    await shown('/filings?list=all&state=returned&late=true&search=清泉&page=2')
    expect(server.asked).toEqual([{ state: 'returned', late: 'true', search: '清泉', limit: 50, page: 2 }])
    expect(links()).toEqual(['/filings/1'])
    await choose('看哪些备案', 'waiting')
    expect(server.asked.at(-1)).toEqual({ state: 'waiting', limit: 50, page: 1 })
  })

  it('says that nothing waits, and what went wrong', async () => {
    await shown('/filings')
    expect(page.text()).toContain('没有待审的备案')
    server.problem = new Problem(403, 'forbidden', '您没有执行此操作的权限。')
    await shown('/filings?list=all')
    expect(page.text()).toContain('没有找到，或您无权查看')
  })
})

describe('several filings', () => {
  const press = async (text: string) => {
    await page.findAll('button').find((found) => found.text() === text)!.trigger('click')
    await flushPromises()
  }
  const tick = async (name: string, on = true) => {
    page.findAllComponents({ name: 'ElCheckbox' }).find((box) => box.attributes('aria-label') === `选择 ${name}`)!.vm.$emit('update:modelValue', on)
    await flushPromises()
  }
  const boxes = () => page.findAllComponents({ name: 'ElCheckbox' }).map((box) => box.attributes('aria-label'))
  const mine = { opened_by: ['me'] }

  it('can be chosen where this reviewer has opened them and nothing speaks against it', async () => {
    server.rows = [row('1', 'first_review', mine), row('2', 'first_review', { opened_by: ['she'] }), row('3', 'first_review', { ...mine, by_itself: ['returned'] }), row('4', 'second_review', mine)]
    await shown('/filings')
    expect(boxes()).toEqual(['选择 机构1', '选择 机构4'])
    for (const said of ['请先打开查看', '退回过，须单独审核']) expect(page.text()).toContain(said)
    await tick('机构1')
    expect([boxes(), page.text().includes('与所选的不在同一步')]).toEqual([['选择 机构1'], true])
  })

  it('pass with one request that names the submission of each, and each has its result', async () => {
    server.rows = [row('1', 'first_review', { ...mine, version: 5 }), row('2', 'first_review', { ...mine, version: 9, number: 3 })]
    server.passed = [{ operator_id: '1', outcome: 'passed', stream: 'filing-1', version: 6, code: null, sentence: null }, { operator_id: '2', outcome: 'refused', stream: null, version: null, code: 'version.mismatch', sentence: '该备案刚刚有新的动态，请重试。' }]
    await shown('/filings')
    await tick('机构1')
    await tick('机构2')
    await press('同时通过（2）')
    expect(page.get('[role=dialog]').text()).toContain('以下 2 家机构这次提交的初审内容全部通过')
    await press('全部通过')
    expect(server.passing).toEqual([[{ stage: 'first', filings: [{ operator_id: '1', number: 1 }, { operator_id: '2', number: 3 }] }, expect.any(String)]])
    const said = page.get('[role=dialog]').text()
    for (const text of ['1 家初审已通过，1 家没有通过', '该备案刚刚有新的动态']) expect(said).toContain(text)
    expect(links(), 'the view has not heard of it yet').toEqual(['/filings/2/review'])
  })

  it('are not chosen by a district, which is only offered to read them', async () => {
    server.rows = [row('1', 'first_review', mine)]
    await shown('/filings', 'regulator', '310115')
    expect([boxes(), page.find('.column a[aria-label]').text(), page.text().includes('同时通过')]).toEqual([[], '查看', false])
  })
})

describe('what an operator has filed', () => {
  it('shows what is declared beside what contracts say, and what became of a name', async () => {
    await shown('/filings/o')
    const text = page.text()
    for (const said of ['上海市', '挥发性有机物', '系统中在履行的合同 2 份', '系统中的合同没有写明金额', '姓名已按要求删除', '李四 138', '去审核']) expect(text).toContain(said)
  })

  it('tells its steps with what was returned, the newest first', async () => {
    await shown('/filings/o')
    await choose('看哪一部分', 'steps')
    expect(page.text()).toMatch(/初审退回.*统一社会信用代码：填写内容与证件不一致：错.*开始备案/)
  })

  it('has its part in the address, and marks the paper that a link named', async () => {
    await shown('/filings/o?part=person&paper=good&search=2')
    expect(server.asked).toEqual([{ kind: 'person', search: '2', state: '', as_of: '', as_known: '', limit: 50, page: 1 }])
    expect(page.findAll('.marked').map((line) => line.text())).toEqual([expect.stringContaining('运维能力评定证书 2')])
    await choose('看哪一部分', 'steps')
    expect(router.currentRoute.value.query).toEqual({ part: 'steps' })
    await choose('看哪一部分', 'basics')
    expect(router.currentRoute.value.query).toEqual({})
  })

  it('lists people by name with their papers; what is revoked cannot be revoked again', async () => {
    await shown('/filings/o')
    await choose('看哪一部分', 'person')
    expect(server.asked).toEqual([{ kind: 'person', search: '', state: '', as_of: '', as_known: '', limit: 50, page: 1 }])
    expect(page.text()).toContain('王五（运维员）')
    expect(page.getComponent(DownloadButton).props('path')).toBe('/views/filings/o/resources.xlsx?kind=person')
    expect(page.text()).toContain('自 2026-10-01 起撤销：证书作假')
    const offered = () => page.findAll('[aria-label^="撤销 "]').map((button) => button.attributes('aria-label'))
    expect(offered()).toEqual(['撤销 运维能力评定证书 2'])
    await shown('/filings/o', 'regulator', '310115')
    await choose('看哪一部分', 'person')
    expect([offered(), page.text().includes('查看待审内容')]).toEqual([[], true])
  })
})

describe('what an operator had filed on a day', () => {
  it('is asked for by the days in the address, says so, and nothing can be decided about it', async () => {
    await shown('/filings/o?as_of=2026-03-01&as_known=2026-04-01')
    expect(server.asked).toEqual([{ as_of: '2026-03-01', as_known: '2026-04-01' }])
    expect(page.text()).toContain('以下是 2026-03-01 的备案，只算到 2026-04-01 为止已记录的内容')
    expect([page.text().includes('去审核'), page.text().includes('锁定')]).toEqual([false, false])
    await choose('看哪一部分', 'person')
    expect(server.asked.at(-1)).toMatchObject({ kind: 'person', as_of: '2026-03-01', as_known: '2026-04-01' })
    expect([page.text().includes('王五（运维员）'), page.findAll('[aria-label^="撤销 "]').length]).toEqual([true, 0])
  })

  it('was nothing before it was begun', async () => {
    server.begun = false
    await shown('/filings/o?as_of=2020-01-01')
    expect([page.text().includes('这一天还没有开始备案。'), page.text().includes('基本信息')]).toEqual([true, false])
  })

  it('is left for the present by taking the days away', async () => {
    await shown('/filings/o?as_of=2026-03-01')
    expect(page.text()).toContain('历史视图，只读')
    await router.replace('/filings/o')
    await flushPromises()
    expect([page.text().includes('以下是'), page.text().includes('去审核')]).toEqual([false, true])
  })

  it('has the timeline of a person up to then, with who did it and what was returned', async () => {
    await shown('/filings/o?as_known=2026-04-01')
    await choose('看哪一部分', 'person')
    await page.get('[aria-label="查看 运维员 的经过"]').trigger('click')
    await flushPromises()
    expect(server.asked.at(-1)).toEqual({ as_of: '', as_known: '2026-04-01' })
    for (const said of ['经过 · 王五（运维员）', '市局 · 王', '二审退回（第 1 次提交）', '岗位：填写内容与证件不一致：错']) expect(page.text()).toContain(said)
  })
})

describe('papers that end', () => {
  const paper = (valid_to: string, days_left: number): ExpiringPaper => ({ paper_id: valid_to, valid_to, days_left, kind: 'competence_certificate', number: '7', issuer: null, operator_id: 'o', operator_name: '清泉', resource_id: 'p', resource_kind: 'person', title: '运维员', revoked_from: null, valid_from: null, uncovered: [] })
  it('are asked for within sixty days at first, and as the address says', async () => {
    await shown('/papers')
    expect(server.asked).toEqual([{ ends_within: '60', resource_kind: '', kind: '', operator_id: '', limit: 50, page: 1 }])
    expect(page.text()).toContain('没有已到期或 60 天内到期的证件')
    await choose('多少天内到期', '90')
    expect(router.currentRoute.value.query.ends_within).toBe('90')
    expect(server.asked.at(-1)).toMatchObject({ ends_within: '90' })
  })

  it('name the contracts that a lease does not cover', async () => {
    server.papers = [{ ...paper('2026-12-24', 24), kind: 'lease', uncovered: [{ resource_id: 'v', paper_id: '2026-12-24', title: '沪A12345', contract_id: 'c', contract: 'YW-1', last_day: '2027-06-30' }] }]
    await shown('/papers')
    expect(page.text()).toContain('租赁期不覆盖合同 YW-1（至 2027-06-30）')
  })

  it('stand by month, those that have ended in red, and lead offices to the operator', async () => {
    server.papers = [paper('2026-10-31', -30), paper('2026-12-24', 24)]
    await shown('/papers')
    expect(page.findAll('.month').map((month) => month.attributes('aria-label'))).toEqual(['2026 年 10 月', '2026 年 12 月'])
    expect(page.findAll('.over').length).toBe(1)
    expect([server.named, page.text().includes('王五（运维员）')]).toEqual([['o'], true])
    expect(page.find('.whose').attributes('href')).toBe('/filings/o?part=person&search=7&paper=2026-10-31')
  })

  it('lead an operator to the paper itself, a manager to renew it', async () => {
    server.papers = [paper('2026-12-24', 24)]
    await shown('/papers', 'operator', '', 'manager')
    expect([page.find('.whose').attributes('href'), page.find('.whose').text()]).toEqual(['/filing/person?search=7&paper=2026-12-24&resource=p', '去办理'])
    await shown('/papers', 'operator', '', 'technician')
    expect(page.find('.whose').text()).toBe('查看')
    expect(page.findAllComponents({ name: 'ElSelect' }).map((pick) => pick.attributes('aria-label'))).not.toContain('按运维机构筛选')
  })
})
