import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { useSession } from '../../session'
import DutiesPage from './DutiesPage.vue'
import { dutiesOn, filingDuties } from './duties'

vi.mock('element-plus/es', async () => {
  const { defineComponent, h } = await import('vue')
  const block = (name: string) => defineComponent({ name, props: ['title', 'subTitle', 'description'], setup: (props, { slots }) => () => h('div', { class: name }, [props.title, props.subTitle, props.description, slots.default?.(), slots.extra?.()]) })
  return { ElButton: block('ElButton'), ElSkeleton: block('ElSkeleton'), ElResult: block('ElResult'), ElEmpty: block('ElEmpty') }
})

const asked: URL[] = []
const link = { props: ['to'], template: '<a :data-to="JSON.stringify(to)"><slot /></a>' }
const page = () => mount(DutiesPage, { global: { stubs: { RouterLink: link } } })
const filed = { state: 'filed', standing: 'active', steps: [], unfiled: 0, report_by: null, basics_version: 1, submission: null }
let filing: object | null = null
const answer = (count: (url: URL) => number) => vi.stubGlobal('fetch', async (request: Request) => {
  const { pathname } = new URL(request.url)
  if (pathname.includes('/filings')) return Response.json(pathname.endsWith('/filings') ? { items: filing ? [filing] : [], count: 0 } : filing)
  asked.push(new URL(request.url))
  return Response.json({ items: [], next: null, count: count(new URL(request.url)) })
})

describe('what an operator has to do today', () => {
  beforeEach(() => {
    setActivePinia(createPinia())
    useSession().account = { id: 'me', kind: 'operator', organisation: 'own' } as never
    asked.length = 0
    filing = null
  })
  afterEach(() => vi.unstubAllGlobals())

  it('is today’s, nearly due and missed cycles, and what waits for others, over days that do not overlap', () => {
    const duties = Object.fromEntries(dutiesOn('2026-11-30').map((duty) => [duty.key, duty]))
    expect(duties.due?.query).toEqual({ from: '2026-11-30', to: '2026-11-30', state: 'open' })
    expect(duties.soon?.query).toEqual({ from: '2026-12-01', to: '2026-12-03', state: 'open' })
    expect(duties.missed?.query).toEqual({ from: '2026-11-01', to: '2026-11-30', state: 'missed' })
    expect(Object.keys(duties)).toEqual(['due', 'soon', 'missed', 'open', 'unsigned', 'disputed', 'submitted', 'declined'])
  })

  it('shows of each list how many rows it has, and leads to that list with the same filters', async () => {
    answer((url) => (url.pathname.endsWith('/cycles') && url.searchParams.get('state') === 'missed' ? 7 : 0))
    const shown = page()
    await flushPromises()
    expect(asked).toHaveLength(8)
    for (const url of asked) expect([url.searchParams.get('limit'), url.searchParams.get('page')]).toEqual(['1', '1'])
    const missed = shown.findAll('a').find((link) => link.text().startsWith('已错过7'))!
    const to = JSON.parse(missed.attributes('data-to')!)
    expect([to.path, to.query.state, missed.classes('alarm')]).toEqual(['/cycles', 'missed', true])
    expect(shown.text()).not.toContain('今天没有待办的工作')
    expect(shown.findAll('.alarm')).toHaveLength(1)
  })

  it('is also what the own filing asks for: a return, a change to report in time, a lock', () => {
    const returned = { what: 'second_review_returned', at: '', remarks: [{}, {}] }
    const said = (changed: object, day = '2026-11-30') => filingDuties({ ...filed, ...changed } as never, day).map(({ text, said, note, alarm }) => [text, said, note, alarm])
    expect(said({})).toEqual([])
    expect(filingDuties(null, '2026-11-30')).toEqual([])
    expect(said({ state: 'returned', steps: [returned] })).toEqual([['备案被退回', '2 处意见', '按意见改正后重新提交', true]])
    expect(said({ standing: 'locked' })).toEqual([['备案已锁定', '已锁定', '办理新业务前须申请激活', true]])
    expect(said({ standing: 'asked' })).toEqual([])
    const change = { unfiled: 2, report_by: '2026-12-18', steps: [{ what: 'basics_changed', at: '' }] }
    expect(said(change)).toEqual([['备案变更须报告', '3 项', '须在 2026-12-18（含）前报告', false]])
    expect(said(change, '2026-12-18')[0]![3]).toBe(false)
    expect(said(change, '2026-12-19')).toEqual([['备案变更须报告', '3 项', '应在 2026-12-18（含）前报告，已逾期', true]])
    expect(said({ ...change, standing: 'cancelled' })).toEqual([])
  })

  it('shows what the filing asks for, with the way to it', async () => {
    filing = { ...filed, standing: 'locked' }
    answer(() => 0)
    const shown = page()
    await flushPromises()
    const locked = shown.findAll('a').find((found) => found.text().startsWith('备案已锁定'))!
    expect([JSON.parse(locked.attributes('data-to')!), locked.classes('alarm')]).toEqual(['/filing', true])
    expect(shown.text()).not.toContain('今天没有待办的工作')
  })

  it('says so where there is nothing to do, and where the server does not answer', async () => {
    answer(() => 0)
    const shown = page()
    await nextTick()
    expect(shown.find('[role=status]').exists(), 'while it is loading').toBe(true)
    await flushPromises()
    expect(shown.text()).toContain('今天没有待办的工作')
    vi.stubGlobal('fetch', async () => Response.json({ type: 'x', title: '服务暂时不可用，请稍后重试。', status: 503, code: 'store.away' }, { status: 503, headers: { 'Content-Type': 'application/problem+json' } }))
    const away = page()
    await flushPromises()
    expect(away.text()).toContain('服务暂时不可用')
  })
})
