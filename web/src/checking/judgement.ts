/** A rule held against a measured value, and what comes of it. */
import { decimal, shown, type Decimal } from '../sheets/exact'
import { distinctText } from '../sheets/findings'
import type { Case } from './case'
import { CONFIDENCES, textIn, type Band, type Rule } from './catalogue'
import { QUANTITIES, type Comparison, type Severity } from './data'
import { sentence } from './saying'
import { plain, type BandUsed, type Judged, type Result, type Way } from './verdict'

const BLOCKING_FROM = CONFIDENCES.indexOf('2SRC')
const BAND_DIGITS = 3

/** What a rule is held against: the place, the value, the value that chooses the band, and how many pairs there are. */
export interface Measure {
  at: string
  inputs: string[]
  value: Decimal | null
  by: Decimal | null
  byUnit: string
  pairs: number
  alternative?: Decimal | null
  substitute?: boolean
  ways?: [Way['way'], number][]
  standsOn?: Rule[]
}

export function judgement(one: Case, rule: Rule, measure: Measure, band: Band, known: boolean): Judged {
  const few = measure.pairs < (rule.pairs_min?.[one.report.docType] ?? 0)
  const ways = (measure.ways ?? []).map(([way, within]) => wayOf(way, within, measure.pairs, band.limit))
  const [found, byAlternative] = resultOf(rule, measure, band, ways)
  const result = few || !known ? 'missing_data' : found
  const exempted = isExempted(one, rule)
  const near = (result === 'pass' || result === 'fail') && isNear(rule, measure.value, band)
  const severity = exempted ? 'note' : severityOf(rule, measure.standsOn ?? [], byAlternative)
  const unit = rule.unit === '*' ? one.factor.unit.family : rule.unit
  const text = measure.value && distinctText(measure.value, rule.digits, band.limit)
  const marks: [string, boolean][] = [['exempted', exempted], ['by_alternative', byAlternative], ['few_pairs', few], ['substitute_expected', !!rule.substitute && !measure.substitute]]
  return {
    rule: rule.rule, title: rule.title, standard: rule.standard, edition: rule.edition,
    clause: rule.clause, clause_confidence: rule.clause_confidence, confidence: rule.confidence, prose: rule.prose,
    at: measure.at, inputs: measure.inputs,
    quantity: rule.quantity, value: measure.value && plain(measure.value), shown: text, unit,
    comparison: rule.comparison, limit: band.limitText, band: bandUsed(rule, measure, band),
    result, severity, blocking: result === 'fail' && severity === 'blocking', near_limit: near,
    marks: marks.filter(([, holds]) => holds).map(([mark]) => mark),
    stands_on: (measure.standsOn ?? []).map((other) => other.rule),
    alternatives: ways,
    sentence: sentence(rule, { shown: text, unit, limit: band.limitText, result, near, few, known }),
  }
}

function wayOf(way: Way['way'], within: number, pairs: number, limit: Decimal): Way {
  return { way, within, needed: Math.trunc(limit.toNumber()), pairs, result: limit.lte(within) ? 'pass' : 'fail' }
}

/** And whether it passes by the second way alone. */
function resultOf(rule: Rule, measure: Measure, band: Band, ways: Way[]): [Result, boolean] {
  if (!measure.value) return ['missing_data', false]
  if (new Set(ways.map(({ result }) => result)).size > 1) return ['review', false]
  if (holds(rule.comparison, measure.value, band.limit)) return ['pass', false]
  const byAlternative = !!rule.alternativeLimit && !!measure.alternative && measure.alternative.abs().lte(rule.alternativeLimit)
  return byAlternative ? ['pass', true] : ['fail', false]
}

function holds(comparison: Comparison, value: Decimal, limit: Decimal): boolean {
  if (comparison === 'absolute_at_most') return value.abs().lte(limit)
  if (comparison === 'at_most') return value.lte(limit)
  return comparison === 'at_least' ? value.gte(limit) : value.eq(limit)
}

/** Numbers of things are exact, so they are never near. */
function isNear(rule: Rule, value: Decimal | null, band: Band): boolean {
  if (!value || rule.comparison === 'is' || QUANTITIES[rule.quantity]!.digits === 0) return false
  const compared = rule.comparison === 'absolute_at_most' ? value.abs() : value
  return compared.minus(band.limit).abs().lt(decimal(`1e-${rule.digits}`))
}

function severityOf(rule: Rule, standsOn: Rule[], byAlternative: boolean): Severity {
  const weakest = Math.min(BLOCKING_FROM, ...standsOn.map(({ confidence }) => CONFIDENCES.indexOf(confidence)))
  return rule.severity === 'blocking' && (weakest < BLOCKING_FROM || byAlternative) ? 'warning' : rule.severity
}

function isExempted({ report, factor }: Case, rule: Rule): boolean {
  return report.exemptions.some((exemption) =>
    exemption.rule === rule.rule && (exemption.point ?? factor.point) === factor.point && (exemption.factor ?? factor.code) === factor.code
    && exemption.first <= report.day && report.day <= exemption.last)
}

function bandUsed(rule: Rule, { by, byUnit }: Measure, band: Band): BandUsed | null {
  if (rule.band_by === null || !by) return null
  return { by: rule.band_by, value: plain(by), shown: shown(by, BAND_DIGITS), unit: byUnit, text: textIn(band.interval, byUnit) }
}
