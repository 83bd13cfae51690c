import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { ElMessageBox } from 'element-plus'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter, RouterView, type Router } from 'vue-router'
import { Problem } from '../../api/problem'
import type { Account } from '../../api/types'
import type * as Work from '../../api/work'
import { useSession } from '../../session'
import type * as Asking from './asking'
import ReviewPage from './ReviewPage.vue'
import type { Review, ReviewBody } from './types'

vi.mock('element-plus/es', async () => {
  const { defineComponent, h } = await import('vue')
  const named = (name: string) => defineComponent({ name, props: ['title', 'description', 'subTitle'], setup: (props, { slots }) => () => h('div', [props.title, props.description, props.subTitle, slots.default?.(), slots.extra?.()]) })
  const ElButton = defineComponent({ props: ['disabled', 'loading'], emits: ['click'], setup: (props, { slots, emit }) => () => h('button', { type: 'button', disabled: props.disabled || undefined, onClick: () => emit('click') }, slots.default?.()) })
  const ElSelect = defineComponent({ name: 'ElSelect', props: ['modelValue'], emits: ['update:modelValue'], setup: (_, { slots }) => () => h('div', [h('input'), slots.default?.()]) })
  const ElInput = defineComponent({ name: 'ElInput', props: ['modelValue'], emits: ['update:modelValue'], setup: () => () => h('input') })
  return { ElMessage: vi.fn(), ElMessageBox: { confirm: vi.fn() }, ElButton, ElSelect, ElInput, ElOption: named('ElOption'), ElAlert: named('ElAlert'), ElEmpty: named('ElEmpty'), ElResult: named('ElResult'), ElSkeleton: named('ElSkeleton'), ElDrawer: named('ElDrawer') }
})
vi.mock('../PdfView.vue', () => ({ default: { props: ['file'], template: '<i class="pdf">{{ file.name }}</i>' } }))
vi.mock('../../api/work', async (original) => ({ ...(await original<typeof Work>()), labels: async (ids: string[]) => Object.fromEntries(ids.map((id) => [id, `市局 · ${id}`])) }))

const BASICS = {
  name: '清泉运维有限公司', uscc: '91310000MA1K00000X', registered_in: '310000', registered_capital: '500', address: '某路 1 号', scope: ['wastewater'],
  projects: 3, project_amount: '120.5', staff: 20, business_licence: { sha256: 'aa', name: '执照.jpg', size: 1, media_type: 'image/jpeg' }, workplace_proof: { sha256: 'bb', name: '租约.pdf', size: 1, media_type: 'application/pdf' },
}
const vehicle = { id: 'r', kind: 'vehicle', version: 1, title: '沪A12345', now: { kind: 'vehicle', plate: '沪A12345', ownership: 'owned', papers: [] }, before: null, changed_on: '2026-11-01', ended_on: null, earlier_remarks: [{ field: 'plate', reason: 'form', text: '缺一位', unchanged: true }] }
const fresh = (): Review => ({
  operator_id: 'o', name: '清泉运维有限公司', version: 4, number: 2, stage: 'first_review', submitted_at: '2026-11-20T01:00:00Z', late: true, opened_by: ['she'],
  basics: { now: BASICS, before: { ...BASICS, staff: 18 }, earlier_remarks: [{ field: 'address', reason: 'mismatch', text: '', unchanged: true }, { field: 'staff', reason: 'mismatch', text: '', unchanged: false }] }, resources: [vehicle],
}) as unknown as Review

/** What the server holds and hears. */
const server = vi.hoisted(() => ({ review: null as unknown, answers: [] as unknown[], opened: [] as number[], refuse: null as unknown, then: () => undefined as void, opens: null as unknown }))
vi.mock('./asking', async (original) => ({
  ...(await original<typeof Asking>()),
  review: async () => (server.review ? structuredClone(server.review) : Promise.reject(new Problem(404, 'review.missing', '没有找到。'))),
  people: async () => ({ legal_representative: { name: '张三' }, contact: { name: '李四', phone: '138' } }),
  names: async () => new Map(),
  options: async () => ({ provinces: [{ code: '310000', name: '上海市' }], return_reasons: [{ code: 'mismatch', name: '填写内容与证件不一致' }], change_months: 3, change_source: '' }),
  openReview: async (_: string, number: number) => {
    server.opened.push(number)
    if (server.opens) throw server.opens
    const found = server.review as Review
    server.review = { ...found, version: found.version + 1, opened_by: [...found.opened_by, 'me'] }
  },
  answerReview: async (review: Review, body: ReviewBody) => {
    server.answers.push([review.stage, review.version, body])
    const refused = server.refuse
    server.refuse = null
    server.then()
    if (refused) throw refused
  },
}))

let page: VueWrapper
let router: Router
async function shown(account: Partial<Account> = {}): Promise<void> {
  const pinia = createPinia()
  setActivePinia(pinia)
  useSession().$patch({ account: { id: 'me', kind: 'regulator', district: '310000', label: '', ...account } as Account })
  const other = { template: '<i />' }
  router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/filings/:operatorId/review', component: ReviewPage }, { path: '/filings/:operatorId', component: other }, { path: '/filings', component: other }] })
  await router.push('/filings/o/review')
  page = mount(RouterView, { global: { plugins: [router, pinia] }, attachTo: document.body })
  await flushPromises()
}
const row = (key: string) => page.find(`[data-field="${key}"]`)
const current = () => page.find('[data-current=true]').attributes('data-field')
const press = async (key: string) => {
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
  await flushPromises()
}
const button = (text: string) => page.findAll('footer button').find((found) => found.text() === text)!
const click = async (text: string) => {
  await button(text).trigger('click')
  await flushPromises()
}
const confirms = vi.mocked(ElMessageBox.confirm)
async function giveBack(key: string, reason: string, text = ''): Promise<void> {
  await row(key).find('.back').trigger('click')
  row(key).findComponent({ name: 'ElSelect' }).vm.$emit('update:modelValue', reason)
  await flushPromises()
  row(key).findComponent({ name: 'ElInput' }).vm.$emit('update:modelValue', text)
  await flushPromises()
}

beforeEach(() => {
  Object.assign(server, { review: fresh(), answers: [], opened: [], refuse: null, then: () => undefined, opens: null })
  confirms.mockReset().mockResolvedValue('confirm' as never)
})
afterEach(() => page.unmount())

describe('a submission that is opened', () => {
  it('is recorded once, and says who else has opened it', async () => {
    await shown()
    expect(server.opened).toEqual([2])
    expect(page.text()).toContain('其他打开过的审核人：市局 · she')
    page.unmount()
    await shown()
    expect(server.opened).toEqual([2])
  })

  it('shows what changed beside what is filed, and its papers', async () => {
    await shown()
    expect([row('/staff').text(), row('/staff').classes('changed'), row('/name').classes('changed')]).toEqual([expect.stringMatching(/20.*18/), true, false])
    expect(page.find('aside img').attributes('src')).toBe('/api/files/aa/shown?size=page')
    expect(page.findAll('aside a').map((link) => [link.attributes('href'), link.text()])).toEqual([['/api/files/aa', '打开原件'], ['/api/files/bb', '打开 PDF']])
    expect(page.findAll('aside .pdf').map((pdf) => pdf.text())).toEqual(['租约.pdf'])
    await row('/workplace_proof').trigger('click')
    expect(page.findAll('aside a').map((link) => link.attributes('href'))).toEqual(['/api/files/bb'])
  })

  it('says of what was returned that it comes again as it was', async () => {
    await shown()
    expect(['/address', '/staff', '/name'].map((key) => row(key).text().includes('退回后未作修改'))).toEqual([true, false, false])
    expect(page.find('.earlier').text()).toMatch(/地址：.*（退回后未作修改）员工人数/)
  })

  it('is only read by a district and by an administrator, who open nothing', async () => {
    for (const account of [{ district: '310115' }, { kind: 'administrator' as const, district: undefined }]) {
      await shown(account as Partial<Account>)
      expect([server.opened, page.text().includes('备案由市级监管部门审核'), page.find('footer').exists(), row('/name').find('.pass').exists()]).toEqual([[], true, false, false])
      await press('p')
      expect(page.find('.say').exists()).toBe(false)
      page.unmount()
    }
    await shown()
  })

  it('is only read where the service refuses its opening', async () => {
    server.opens = new Problem(403, 'review.own', '不能审核本机构的备案。')
    await shown()
    expect([page.text().includes('不能审核本机构的备案。'), page.find('footer').exists()]).toEqual([true, false])
  })

  it('that waits no more is said to be so', async () => {
    server.review = null
    await shown()
    expect(page.text()).toContain('没有待审的内容')
  })
})

describe('the marks', () => {
  it('follow the keys', async () => {
    await shown()
    expect(current()).toBe('/name')
    await press('p')
    expect([current(), row('/name').find('.pass').attributes('aria-pressed')]).toEqual(['/uscc', 'true'])
    await press('j')
    await press('k')
    await press('r')
    expect([current(), row('/uscc').find('.back').attributes('aria-pressed'), document.activeElement?.closest('[data-field]')?.getAttribute('data-field')]).toEqual(['/uscc', 'true', '/uscc'])
    expect(page.find('footer').text()).toContain('通过 1 项，退回 1 项')
  })

  it('allow to pass only where nothing is returned, and to return only where something is', async () => {
    await shown()
    const allowed = () => [button('初审通过').attributes('disabled'), button('退回机构').attributes('disabled')].map((is) => is === undefined)
    expect(allowed()).toEqual([true, false])
    await row('/uscc').find('.back').trigger('click')
    expect(allowed()).toEqual([false, true])
    await row('/uscc').find('.pass').trigger('click')
    expect(allowed()).toEqual([true, false])
  })

  it('are returned with a reason each, or not at all', async () => {
    await shown()
    await row('/uscc').find('.back').trigger('click')
    await click('退回机构')
    expect([server.answers, row('/uscc').text().includes('请选择退回原因。')]).toEqual([[], true])
    await giveBack('/uscc', 'mismatch', '与执照不同')
    await click('退回机构')
    expect(server.answers).toEqual([['first_review', 5, { number: 2, passed: false, remarks: [{ resource_id: null, field: 'uscc', reason: 'mismatch', text: '与执照不同' }] }]])
    expect(confirms.mock.calls.at(-1)?.[2]).toMatchObject({ confirmButtonText: '退回', confirmButtonType: 'danger' })
    expect(router.currentRoute.value.path).toBe('/filings')
  })

  it('are asked about before they are passed with something unseen, and nothing is sent without a yes', async () => {
    await shown()
    confirms.mockRejectedValueOnce('cancel')
    await click('初审通过')
    expect([server.answers, String(confirms.mock.calls[0]?.[0])]).toEqual([[], expect.stringContaining('项没有标记')])
  })
})

describe('after the first review', () => {
  it('comes the second where there are resources, with what was said of them before', async () => {
    server.then = () => void (server.review = { ...(server.review as Review), stage: 'second_review', version: 6 })
    await shown()
    await click('初审通过')
    expect([page.text().includes('沪A12345'), page.text().includes('缺一位'), button('二审通过').exists()]).toEqual([true, true, true])
    server.then = () => void (server.review = null)
    await giveBack('r/plate', 'mismatch')
    await click('退回机构')
    expect(server.answers.at(-1)).toEqual(['second_review', 6, { number: 2, passed: false, remarks: [{ resource_id: 'r', field: 'plate', reason: 'mismatch', text: null }] }])
  })

  it('comes what is filed where there is nothing more', async () => {
    server.then = () => void (server.review = null)
    await shown()
    await click('初审通过')
    expect(router.currentRoute.value.path).toBe('/filings/o')
  })
})

describe('where somebody was quicker', () => {
  const mismatch = () => new Problem(412, 'version.mismatch', '数据已被他人修改。')

  it('the marks stay with the same submission, and the next answer is about the version that is shown now', async () => {
    await shown()
    await giveBack('/uscc', 'mismatch', '与执照不同')
    server.refuse = mismatch()
    server.then = () => void (server.review = { ...(server.review as Review), version: 9, opened_by: ['she', 'me', 'he'] })
    await click('退回机构')
    expect(page.text()).toContain('已保留您的标记')
    expect(row('/uscc').find('.back').attributes('aria-pressed')).toBe('true')
    server.then = () => undefined
    await click('退回机构')
    expect(server.answers.at(-1)).toEqual(['first_review', 9, expect.objectContaining({ passed: false })])
  })

  it('another submission begins without marks', async () => {
    await shown()
    await row('/uscc').find('.pass').trigger('click')
    server.refuse = new Problem(409, 'review.superseded', '')
    server.then = () => void (server.review = { ...(server.review as Review), number: 3, version: 12, opened_by: [] })
    await click('初审通过')
    expect([page.text().includes('重新提交'), row('/uscc').find('.pass').attributes('aria-pressed'), server.opened]).toEqual([true, 'false', [2, 3]])
  })

  it('nothing waits any more where it is decided', async () => {
    await shown()
    server.refuse = new Problem(409, 'filing.not-submitted', '')
    server.then = () => void (server.review = null)
    await click('初审通过')
    expect(page.text()).toContain('另一位审核人已处理')
    expect(page.find('footer').exists()).toBe(false)
  })

  it('another refusal is shown beside the marks, which stay', async () => {
    await shown()
    await giveBack('/uscc', 'mismatch')
    server.refuse = new Problem(422, 'command.invalid', '内容不正确，请核对。')
    await click('退回机构')
    expect([page.text().includes('内容不正确'), row('/uscc').find('.back').attributes('aria-pressed')]).toEqual([true, 'true'])
  })
})
