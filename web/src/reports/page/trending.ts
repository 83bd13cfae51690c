/** The value of one rule from report to report, with its limits. Pure. */
import type { Trend } from '../types'

export interface Line { rule: string; title: string; unit: string; points: { day: string; value: number; limits: number[] }[] }

/** Limits lie on both sides where a value may have either sign. */
const limitsOf = (comparison: string, limit: string | null): number[] => (limit === null ? [] : comparison === 'absolute_at_most' ? [Number(limit), -Number(limit)] : [Number(limit)])

/** A line for each rule with values in two reports or more. How many pairs there were is no trend. */
export function linesOf(trend: Trend): Line[] {
  const lines = new Map<string, Line>()
  for (const { first_day, rules } of trend.reports) {
    for (const { rule, title, unit, value, quantity, comparison, limit } of rules) {
      if (value === null || quantity === 'pairs' || comparison === 'is') continue
      const line = lines.get(rule) ?? { rule, title, unit: unit ?? '', points: [] }
      line.points.push({ day: first_day, value: Number(value), limits: limitsOf(comparison, limit) })
      lines.set(rule, line)
    }
  }
  return [...lines.values()].filter(({ points }) => new Set(points.map(({ day }) => day)).size > 1)
}

const COLOUR = '#0f6b62'
const LIMIT = '#8a5a00'

export function optionOf({ title, unit, points }: Line): object {
  const sides = Math.max(...points.map(({ limits }) => limits.length))
  const limits = Array.from({ length: sides }, (_, side) => ({ name: '限值', type: 'line', data: points.map((point) => point.limits[side] ?? '-'), symbol: 'none', silent: true, lineStyle: { color: LIMIT, type: 'dashed', width: 1.5 }, itemStyle: { color: LIMIT } }))
  return {
    animation: false,
    textStyle: { fontFamily: 'inherit', fontSize: 12 },
    grid: { left: 54, right: 16, top: 30, bottom: 28 },
    legend: { top: 0, left: 0, data: ['计算值', '限值'] },
    tooltip: { trigger: 'item' },
    xAxis: { type: 'category', data: points.map(({ day }) => day), axisLabel: { hideOverlap: true } },
    yAxis: { type: 'value', name: unit, scale: true },
    series: [{ name: '计算值', type: 'line', data: points.map(({ value }) => value), symbolSize: 8, lineStyle: { color: COLOUR }, itemStyle: { color: COLOUR } }, ...limits],
    aria: { label: { description: title } },
  }
}

/** The same for who does not see it. */
export const toldOf = ({ title, unit, points }: Line): string => `${title}的历次计算值：${points.map(({ day, value }) => `${day} ${Number(value.toPrecision(6))} ${unit}`.trimEnd()).join('，')}`
