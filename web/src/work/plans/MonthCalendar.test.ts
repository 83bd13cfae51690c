import { mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { expect, it } from 'vitest'
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
