import { expect, it } from 'vitest'
import type { Trend, TrendRule } from '../types'
import { linesOf, optionOf, toldOf } from './trending'

const rule = (more: Partial<TrendRule> = {}): TrendRule => ({ rule: 'A', title: '准确度', clause: '表2', quantity: 'relative_accuracy', value: '5.10376', shown: '5.1', unit: '%', comparison: 'at_most', limit: '15', result: 'pass', severity: 'warning', near_limit: false, ...more })
const trendOf = (...reports: [day: string, rules: TrendRule[]][]) => ({ reports: reports.map(([first_day, rules]) => ({ first_day, rules })) }) as unknown as Trend

it('a line for each rule with values on two days, with the limit of each day', () => {
  const lines = linesOf(trendOf(['2026-05-03', [rule(), rule({ rule: 'B' })]], ['2026-11-03', [rule({ value: '6.2', limit: '20' }), rule({ rule: 'P', quantity: 'pairs', value: '9' }), rule({ rule: 'B', value: null })]]))
  expect(lines).toEqual([{ rule: 'A', title: '准确度', unit: '%', points: [{ day: '2026-05-03', value: 5.10376, limits: [15] }, { day: '2026-11-03', value: 6.2, limits: [20] }] }])
  expect(toldOf(lines[0]!)).toBe('准确度的历次计算值：2026-05-03 5.10376 %，2026-11-03 6.2 %')
})

it('limits of a value with a sign lie on both sides', () => {
  const [line] = linesOf(trendOf(['2026-05-03', [rule({ comparison: 'absolute_at_most' })]], ['2026-11-03', [rule({ comparison: 'absolute_at_most' })]]))
  expect((optionOf(line!) as { series: { data: number[] }[] }).series.map(({ data }) => data)).toEqual([[5.10376, 5.10376], [15, 15], [-15, -15]])
})
