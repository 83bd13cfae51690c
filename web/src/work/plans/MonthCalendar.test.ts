import { mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { expect, it } from 'vitest'
import { today } from '../../days'
import { plusDays } from '../dates'
import type { Block } from './calendar'
import MonthCalendar from './MonthCalendar.vue'

const block = (key: string, other: string): Block => ({ key, content: 'patrol', opens: '2026-11-09', closes: '2026-11-18', state: 'done', number: 2, other })

it('marks a window that has to do with another contract, and says what, once', () => {
  const blocks = [block('a', '按另一份合同完成：HT-2'), block('b', '')]
  const month = mount(MonthCalendar, { props: { blocks, holidays: null, month: '2026-11-01' }, global: { plugins: [createPinia()], stubs: { ElButton: true } } })
  expect(month.get('.others').text()).toBe('与另一份合同有关的周期日常巡检，2026-11-09 至 2026-11-18：按另一份合同完成：HT-2。')
  const bars = month.findAll('button.block')
  expect(bars.filter((bar) => bar.find('.other').exists()).map((bar) => bar.attributes('aria-label'))).toEqual(Array(2).fill('另一合同日常巡检，2026-11-09 至 2026-11-18，第 2 期，已完成，按另一份合同完成：HT-2'))
  expect(bars).toHaveLength(4)
})

it('says what each bar shows first: who asks for a bar by voice says what is seen', () => {
  const month = mount(MonthCalendar, { props: { blocks: [block('a', '按另一份合同完成：HT-2'), block('b', '')], holidays: null, month: '2026-11-01' }, global: { plugins: [createPinia()], stubs: { ElButton: true } } })
  for (const bar of month.findAll('button.block')) expect(bar.attributes('aria-label')).toMatch(new RegExp(`^${bar.text()}，`))
})

it('says of a window that ends today what 今日工作 counts, and of one that is due by its interval that it is', () => {
  const due = (key: string, closes: string, slack: number): Block => ({ ...block(key, ''), opens: plusDays(today(), -3), closes, slack, state: 'open' })
  const blocks = [due('ends', today(), 0), due('interval', plusDays(today(), 2), 0), due('past', today(), -1)]
  const month = mount(MonthCalendar, { props: { blocks, holidays: null, month: today() }, global: { plugins: [createPinia()], stubs: { ElButton: true } } })
  const said = month.findAll('button.block').map((bar) => bar.text())
  for (const words of ['日常巡检 · 今天到期', '日常巡检 · 按间隔今天须完成', '日常巡检 · 已超间隔 1 天']) expect(said).toContain(words)
})
