import { expect, it } from 'vitest'
import { firstPeriod, periodText, saidOfFirst } from './period'

it.each([
  ['2026-12-01', { from: '2026-11-01', to: '2026-11-30' }, '上月'],
  ['2026-03-05', { from: '2026-02-01', to: '2026-02-28' }, '上月'],
  ['2027-01-03', { from: '2026-12-01', to: '2026-12-31' }, '上月'],
  ['2026-12-06', { from: '2026-12-01', to: '2026-12-06' }, '本月至今'],
  ['2026-12-31', { from: '2026-12-01', to: '2026-12-31' }, '本月至今'],
])('begins with days of which something can be said, and says which: %s', (day, period, text) => {
  expect(firstPeriod(day)).toEqual(period)
  expect(periodText(period, day)).toBe(text)
  expect(saidOfFirst(period, day)).toBe(text === '上月' ? '本月的前 5 天先看上月；看本月的，改起止日期。' : '')
})

it('gives chosen days no name of their own, and no reason', () => {
  const chosen = { from: '2026-10-03', to: '2026-11-30' }
  expect([periodText(chosen, '2026-12-01'), saidOfFirst(chosen, '2026-12-01')]).toEqual(['', ''])
})
