import { describe, expect, it } from 'vitest'
import { check, typed } from '../index'
import { limitsOf, plotOf } from './plotting'
import { stepOfPair, stepsOf } from './steps'

const factor = (unit: string, numbers: [string, string][], code: string) => ({ factor: code, unit, pairs: numbers.map(([reference, measured]) => ({ reference, measured })) })
function checked(basis: string, doc_type: string, of: ReturnType<typeof factor>) {
  const document = { document: 'report.v1', doc_type, basis, performed: { from: '2026-11-03T00:00', to: '2026-11-03T23:59' }, points: [{ id: '1', factors: [of] }] }
  return { verdict: check(document).verdict!, pairs: typed(document).pairs }
}
const zipped = (reference: string, measured: string) => reference.split(' ').map((value, at): [string, string] => [value, measured.split(' ')[at]!])
const SO2 = checked('HJ 75-2017', 'verification', factor('mg/m³', zipped('812 798 805 821 809 795 803 818 806', '770 762 771 779 765 758 774 781 768'), 'a21026'))
const COD = checked('HJ 355-2019', 'sample_comparison', factor('mg/L', zipped('58 62 61', '70 75 66'), 'w01018'))
const ruleOf = ({ verdict }: typeof SO2, rule: string) => verdict.rules.find((judged) => judged.rule === rule)!

describe('a calculation', () => {
  it('is opened line by line: formula, numbers, result', () => {
    const steps = stepsOf(ruleOf(SO2, 'ACC-SO2-1'), SO2.verdict.factors[0]!.figures, SO2.pairs)
    expect(steps.map(({ title, result }) => [title, result])).toEqual([
      ['参比方法平均值', '807.444 mg/m³'], ['数据对差的平均值', '37.6667 mg/m³'], ['标准偏差', '4.6098 mg/m³'], ['置信系数', '3.5434 mg/m³'], ['相对准确度', '5.10 %'],
    ])
    expect(steps[0]!.filled).toBe('(812 + 798 + 805 + 821 + 809 + 795 + 803 + 818 + 806) / 9')
    expect(steps[2]!.filled).toBe('√[(9 × 12939 − 339²) / (9 × 8)]')
    expect(steps[3]!.filled).toBe('2.306 × 4.6098 / √9')
    expect(steps[4]!.filled).toBe('(|37.6667| + |3.5434|) / 807.444 × 100%')
  })

  it('shows the first and last of many numbers', () => {
    const many = checked('HJ 75-2017', 'verification', factor('mg/m³', Array.from({ length: 31 }, (_, at): [string, string] => [String(at + 800), '800']), 'a21026'))
    expect(stepsOf(ruleOf(many, 'ACC-SO2-1'), many.verdict.factors[0]!.figures, many.pairs)[0]!.filled).toBe('(800 + 801 + 802 + … + 828 + 829 + 830) / 31')
  })

  it('of a pair puts in its two numbers, a negative difference in brackets', () => {
    const judged = COD.verdict.rules.filter(({ at }) => at.includes('/pairs/'))
    expect(judged.map((one, at) => stepOfPair(one, COD.pairs[at]!).filled)).toEqual(['(70 − 58) / 58 × 100%', '(75 − 62) / 62 × 100%', '(66 − 61) / 61 × 100%'])
    const minus = checked('HJ 75-2017', 'verification', factor('mg/m³', [['800', '810'], ['800', '790']], 'a21026'))
    expect(stepsOf(ruleOf(minus, 'ACC-SO2-1'), minus.verdict.factors[0]!.figures, minus.pairs).map(({ title }) => title), 'what has no value has no line').toEqual(['参比方法平均值', '数据对差的平均值', '标准偏差'])
    expect(stepsOf(ruleOf(minus, 'ACC-SO2-1'), minus.verdict.factors[0]!.figures, minus.pairs)[1]!.filled).toBe('((-10) + 10) / 2')
  })
})

describe('the plots', () => {
  it('draw a limit of the mean as far from the reference everywhere', () => {
    const limits = limitsOf(SO2.verdict.rules, 800)
    expect(limits).toHaveLength(1)
    expect(limits[0]!.halfWidth(700)).toBe(120)
    const { limits: edges, mean } = plotOf(SO2.pairs, limits, 'difference')
    expect(edges.map(([from, to]) => [from[1], to[1]])).toEqual([[120, 120], [-120, -120]])
    expect(mean[0]![0][1]).toBeCloseTo(-37.6667, 3)
  })

  it('draw the limits of pairs over the band of each, and mark who is beyond', () => {
    const limits = limitsOf(COD.verdict.rules, 60)
    expect(limits.map(({ from, to }) => [from, to])).toEqual([[30, 60], [60, 100]])
    const plot = plotOf(COD.pairs, limits, 'scatter')
    expect(plot.points.map(({ name, beyond }) => [name, beyond])).toEqual([['第 1 对', false], ['第 2 对', true], ['第 3 对', false]])
    const meeting = plot.limits.filter(([, to]) => to[0] === 60)
    expect(meeting.map(([, to]) => to[1])).toEqual([78, 42])
  })

  it('have no limits where no rule has', () => {
    const none = checked('HJ 75-2017', 'verification', factor('mg/m³', [['5', '5']], 'a21005'))
    expect(limitsOf(none.verdict.rules, 5)).toEqual([])
    expect(plotOf(none.pairs, [], 'scatter')).toMatchObject({ limits: [], points: [{ x: 5, y: 5, beyond: false }] })
  })
})
