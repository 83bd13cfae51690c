import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import DutiesPage from './DutiesPage.vue'
import { dutiesOn } from './duties'

vi.mock('element-plus/es', async () => {
  const { defineComponent, h } = await import('vue')
  const block = (name: string) => defineComponent({ name, props: ['title', 'subTitle', 'description'], setup: (props, { slots }) => () => h('div', { class: name }, [props.title, props.subTitle, props.description, slots.default?.(), slots.extra?.()]) })
  return { ElButton: block('ElButton'), ElSkeleton: block('ElSkeleton'), ElResult: block('ElResult'), ElEmpty: block('ElEmpty') }
})

const asked: URL[] = []
const link = { props: ['to'], template: '<a :data-to="JSON.stringify(to)"><slot /></a>' }
const page = () => mount(DutiesPage, { global: { stubs: { RouterLink: link } } })
const answer = (count: (url: URL) => number) => vi.stubGlobal('fetch', async (request: Request) => {
  asked.push(new URL(request.url))
  return Response.json({ items: [], next: null, count: count(new URL(request.url)) })
})

describe('what an operator has to do today', () => {
  beforeEach(() => {
    setActivePinia(createPinia())
    asked.length = 0
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
