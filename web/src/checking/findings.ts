/** What a report shows beside its rules: the twin of qingyuan_standards/rules/findings.py. */
import { decimal, HUNDRED } from '../sheets/exact'
import { arithmetic } from './arithmetic'
import type { Case } from './case'
import { CATALOGUE } from './data'
import { counted, type Factor, type Pair, type Report } from './document'
import { place } from './places'
import { finding, worst, type FactorVerdict, type Finding, type Result } from './verdict'

/** Families in which a ratio says nothing. */
const UNCOMPARED = ['℃', '无量纲']
const CONCLUDED: Partial<Record<Result, string>> = { pass: '合格', fail: '不合格' }
const { bounds } = CATALOGUE

/** By factor in the order of the document; then those about several factors and the whole. */
export function findingsOf(report: Report, cases: Case[], verdicts: FactorVerdict[]): Finding[] {
  const each = cases.flatMap((one, at) => [
    ...arithmetic(one),
    ...conclusion(one.factor.at, one.factor.concluded, verdicts[at]!.result),
    ...times(report, one.factor),
    ...magnitude(one),
    ...implausible(one),
  ])
  const whole = worst(verdicts.map(({ result }) => result))
  return [...each, ...copied(cases), ...conclusion('', report.concluded, whole), ...ofFullWidth(report.fullWidth)]
}

function conclusion(at: string, concluded: Result | null, result: Result): Finding[] {
  const [said, found] = [concluded && CONCLUDED[concluded], CONCLUDED[result]]
  if (!said || !found || concluded === result) return []
  return [finding('conclusion.differs', 'warning', at, `${place(at)}的结论为${said}，按规则计算为${found}。`, { typed: concluded, computed: result })]
}

function times(report: Report, factor: Factor): Finding[] {
  const pairs = counted(factor)
  const timed = pairs.filter((pair): pair is Timed => pair.start !== null)
  const without = timed.length < pairs.length ? [finding('pair.no-time', 'note', factor.at, `${place(factor.at)}有数据对没有填写时间，未核对时间。`)] : []
  const outside = timed.filter((pair) => pair.start < report.start || (pair.end ?? pair.start) > report.end)
  return [
    ...without,
    ...outside.map((pair) => finding('pair.outside-time', 'warning', pair.at, `${place(pair.at)}的时间不在报告的实施时间内。`)),
    ...overlapping(timed),
  ]
}

type Timed = Pair & { start: number }

function overlapping(timed: Timed[]): Finding[] {
  const ordered = timed.toSorted((one, other) => one.start - other.start || (one.at < other.at ? -1 : 1))
  return ordered.slice(1).flatMap((later, at) => {
    const earlier = ordered[at]!
    const overlap = earlier.start === later.start || (earlier.end !== null && later.start < earlier.end)
    return overlap ? [finding('pair.same-time', 'warning', later.at, `${place(later.at)}与${place(earlier.at)}的时间相同或重叠。`, { others: [earlier.at] })] : []
  })
}

function magnitude({ factor, pairs }: Case): Finding[] {
  if (UNCOMPARED.includes(factor.unit.family)) return []
  const odd = pairs.filter(ratioIsOdd)
  const told = `的参比值与仪器值相差 ${bounds.magnitude} 倍以上，数量级异常，请核对单位和小数点。`
  const places = odd.length && odd.length === pairs.length ? [factor.at] : odd.map(({ at }) => at)
  return places.map((at) => finding('magnitude.odd', 'warning', at, place(at) + told))
}

function ratioIsOdd({ reference, measured }: Pair): boolean {
  const [low, high] = reference.lt(measured) ? [reference, measured] : [measured, reference]
  return low.gt(0) && high.gte(low.times(bounds.magnitude))
}

function implausible({ factor, pairs }: Case): Finding[] {
  if (UNCOMPARED.includes(factor.unit.family)) return []
  const share = decimal(bounds.implausible_percent)
  const close = pairs.every(({ reference, measured }) => reference.gt(0) && measured.minus(reference).abs().times(HUNDRED).lte(reference.times(share)))
  if (pairs.length < bounds.implausible_pairs || !close) return []
  const told = `的 ${pairs.length} 对数据两值相差都不超过 ${bounds.implausible_percent}%，一致得少见；仅作提示，不影响判定。`
  return [finding('agreement.implausible', 'note', factor.at, place(factor.at) + told)]
}

function copied(cases: Case[]): Finding[] {
  const same = new Map<string, string[]>()
  for (const { factor, pairs } of cases.filter((one) => one.pairs.length >= bounds.copied_pairs)) {
    const values = pairs.map(({ reference, measured }) => `${reference.toFixed()} ${measured.toFixed()}`).join()
    same.set(values, [...(same.get(values) ?? []), factor.at])
  }
  return [...same.values()].filter((places) => places.length > 1).map(([first, ...others]) =>
    finding('pairs.copied', 'warning', first!, `${place(first!)}与${others.map(place).join('、')}的数据对完全相同。`, { others }))
}

export function ofFullWidth(places: [string, string][]): Finding[] {
  return places.map(([at, text]) => finding('number.full-width', 'note', at, `${place(at)}“${text}”用了全角字符，已按半角数字读取。`, { typed: text }))
}
