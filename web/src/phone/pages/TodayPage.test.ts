import 'fake-indexeddb/auto'
import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import type { Account } from '../../api/types'
import { newUuid } from '../../api/key'
import { today } from '../../days'
import { plusDays } from '../../work/dates'
import { db, me } from '../account'
import { keepTasks } from '../tasks'
import { TASK } from '../testing'
import type { Task } from '../types'
import MePage from './MePage.vue'
import PointPage from './PointPage.vue'
import TodayPage from './TodayPage.vue'

const [PATROL] = TASK.work
const at = (name: string, closes: string, slack_days: number): Task => ({ ...TASK, point: { ...TASK.point, id: newUuid(), name }, work: [{ ...PATROL!, opens: plusDays(closes, -6), closes, slack_days }] })
const missed = at('错过的测点', plusDays(today(), -3), -3)
const due = at('要做的测点', plusDays(today(), 2), 2)

const router = () => createRouter({ history: createMemoryHistory(), routes: [{ path: '/:all(.*)*', component: { template: '<i />' } }] })
const stubs = { VanPullRefresh: { template: '<div><slot /></div>' }, VanSearch: true, PhoneFrame: { template: '<main><slot /><slot name="action" /></main>' } }

beforeEach(async () => {
  me.account = { id: newUuid(), kind: 'operator', label: '张三' } as Account
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')))
  await keepTasks(db(), today(), [missed, due], { forms: [], contents: [] } as never, [])
})
afterEach(() => vi.unstubAllGlobals())

it('what can be done now is above what was missed, and the missed is said to be over', async () => {
  const page = mount(TodayPage, { global: { plugins: [router()], stubs } })
  await vi.waitFor(() => expect(page.text()).toContain('要做的测点'))
  const text = page.text()
  expect(text.indexOf('要做的测点')).toBeLessThan(text.indexOf('已错过'))
  expect(text.indexOf('已错过')).toBeLessThan(text.indexOf('错过的测点'))
  expect(text).toContain('现在去做也不算按期完成')
  expect(text).toContain(`${plusDays(today(), -3)} 截止`)
  expect(text).not.toContain('已超期')
})

it('a missed window is begun as a back-fill, which asks for the explanation first, and not with the work that is due', async () => {
  await keepTasks(db(), today(), [{ ...due, work: [...due.work, ...missed.work] }], { forms: [], contents: [] } as never, [])
  const way = router()
  const page = mount(PointPage, { props: { point: due.point.id }, global: { plugins: [way], stubs } })
  await vi.waitFor(() => expect(page.text()).toContain('已错过'))
  expect(page.findAll('input[type=checkbox]')).toHaveLength(1)
  await page.find('.back-fill').trigger('click')
  await vi.waitFor(() => expect(way.currentRoute.value.path).toMatch(/\/visits\/.+\/report\/backfill$/))
  const [visit] = await db().visits.toArray()
  expect(visit!.task.work.filter((work) => visit!.opening.cycles.some(({ number, plan_id }) => number === work.number && plan_id === work.plan_id)).length).toBeGreaterThan(0)
  expect(visit!.opening.cycles).toHaveLength(1)
})

it('a revoked certificate is said on both pages without a network, one that holds on 我的 only', async () => {
  const certificate = { number: 'YW-1', first_day: '2024-01-01', last_day: plusDays(today(), -1), revoked: true }
  await db().keep('certificate', certificate)
  const both = () => [mount(TodayPage, { global: { plugins: [router()], stubs } }), mount(MePage, { global: { plugins: [router()], stubs } })] as const
  for (const page of both()) await vi.waitFor(() => expect(page.text()).toContain('您的运维能力证书（YW-1）已被撤销'))
  await db().keep('certificate', { ...certificate, last_day: plusDays(today(), 400), revoked: false })
  const [work, mine] = both()
  await vi.waitFor(() => expect(mine.text()).toContain(`有效期到 ${plusDays(today(), 400)}`))
  await vi.waitFor(() => expect(work.text()).toContain('要做的测点'))
  expect(work.text()).not.toContain('运维能力证书')
})
