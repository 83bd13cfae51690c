/** Applies the rules to one factor: the twin of qingyuan_standards/rules/judging.py. */
import { decimal, type Decimal, ZERO } from '../sheets/exact'
import { ofReport, type Case } from './case'
import { bandFor, firstBand, has, knownMissing, type Band, type Rule } from './catalogue'
import { CONVERSIONS } from './conversions'
import { DATA } from './data'
import type { Pair, Test } from './document'
import { ONE } from './formulas'
import { inputsBeside } from './inputs'
import { judgement, type Measure } from './judgement'
import { place } from './places'
import { fullScale, ofPair, type Figures } from './quantities'
import { lackingOfPairs, lackingOfTest } from './saying'
import { factorVerdict, type FactorVerdict, type Judged } from './verdict'

/** Quantities whose rules say nothing of how well the instrument agrees. */
const NO_LIMITS = ['pairs', 'parallels', 'duration_hours', 'no2_measured', 'tested_before']
const WITHOUT_RULES = [...Object.keys(CONVERSIONS), 'k_coefficient']
const TESTED_FIRST = ['indication_error', 'response_time']

interface Applied { judged: Judged; rule: Rule }

export function judge(one: Case): { verdict: FactorVerdict; judged: Judged[] } {
  const ofTests = one.tests.flatMap(({ test, figures }) => ofTest(one, test, figures))
  const ofPairs = one.pairs.flatMap((pair) => ofOnePair(one, pair))
  const applied = [...ofFactor(one, ofTests), ...ofPairs, ...ofTests]
  const judged = applied.map((each) => each.judged)
  const missing = knownMissing(one.factor.basis, one.report.docType, one.factor.code)
  return { verdict: factorVerdict(one, judged, lacking(one, applied), missing), judged }
}

/** What was typed and no rule of the catalogue limits. */
function lacking(one: Case, applied: Applied[]): string[] {
  const { factor, report } = one
  const limited = applied.some(({ judged, rule }) => judged.at === factor.at && !NO_LIMITS.includes(rule.quantity) && rule.on === 'pairs')
  const ofPairs = factor.pairs.length && !limited ? [lackingOfPairs(factor, DATA.reading.doc_types[report.docType]!)] : []
  const tested = new Set(applied.map(({ judged }) => judged.at))
  const tests = factor.tests.filter((test) => !tested.has(test.at) && !WITHOUT_RULES.includes(test.kind))
  return [...ofPairs, ...tests.map((test) => lackingOfTest(place(test.at), factor))]
}

function ofFactor(one: Case, ofTests: Applied[]): Applied[] {
  const rules = one.rules.filter((rule) => rule.on === 'report' || (rule.on === 'pairs' && one.factor.pairs.length))
  return rules.flatMap((rule) => apply(one, rule, factorMeasure(one, rule, ofTests)))
}

function factorMeasure(one: Case, rule: Rule, ofTests: Applied[]): Measure {
  if (rule.quantity === 'pairs_within') return groupMeasure(one)
  const [value, inputs] = factorValue(one, rule, ofTests)
  const by = rule.band_by ? (one.figures[rule.band_by] ?? null) : null
  return { at: one.factor.at, inputs: [...inputs, ...inputsBeside(rule, one.factor)], value, by, byUnit: one.factor.unit.family, pairs: one.pairs.length }
}

function factorValue(one: Case, rule: Rule, ofTests: Applied[]): [Decimal | null, string[]] {
  if (rule.quantity === 'tested_before') return [testedBefore(one, ofTests), one.tests.map(({ test }) => test.at)]
  const figure = one.figures[rule.quantity]
  return figure ? [figure, one.inputs] : [ofReport(one, rule.quantity), rule.on === 'pairs' ? one.inputs : []]
}

/** n of m: the band chosen for each pair, and for the group. Both are kept. */
function groupMeasure({ factor, inputs, pairs, within }: Case): Measure {
  return {
    at: factor.at, inputs, pairs: pairs.length, by: decimal(pairs.length), byUnit: '对',
    value: within && decimal(within.byPair),
    ways: within ? [['by_pair', within.byPair], ['by_group', within.byGroup]] : [],
    standsOn: within?.rules ?? [],
  }
}

/** 1 where indication error and response time were tested before the first pair and failed nothing. */
function testedBefore(one: Case, ofTests: Applied[]): Decimal | null {
  const tests = one.tests.map(({ test }) => test).filter(({ kind }) => TESTED_FIRST.includes(kind))
  const starts = one.pairs.flatMap(({ start }) => start ?? [])
  const whens = tests.flatMap(({ when }) => when ?? [])
  if (new Set(tests.map(({ kind }) => kind)).size < TESTED_FIRST.length || whens.length < tests.length || !starts.length) return null
  const places = new Set(tests.map(({ at }) => at))
  const failed = ofTests.some(({ judged }) => judged.result === 'fail' && places.has(judged.at))
  return !failed && Math.max(...whens) <= Math.min(...starts) ? ONE : ZERO
}

function ofOnePair(one: Case, pair: Pair): Applied[] {
  const rules = one.rules.filter((rule) => rule.on === 'pair')
  return rules.flatMap((rule) => {
    const value = ofPair(pair, rule.quantity)
    return apply(one, rule, { at: pair.at, inputs: pair.inputs, value, by: pair.reference, byUnit: one.factor.unit.family, pairs: 1, substitute: pair.substitute })
  })
}

function ofTest(one: Case, test: Test, figures: Figures): Applied[] {
  return one.rules.filter((rule) => rule.on === test.kind).flatMap((rule) =>
    apply(one, rule, {
      at: test.at, inputs: [...test.inputs, ...inputsBeside(rule, one.factor, test)], pairs: test.rows.length,
      value: figures[rule.quantity] ?? null,
      by: rule.band_by === 'range' ? fullScale(test, one.factor) : null,
      byUnit: one.factor.instrumentUnit?.family ?? '',
      alternative: rule.alternative ? (figures[rule.alternative.quantity] ?? null) : null,
    }))
}

/** Nothing where the rule is for another band, unit, principle or emission limit. */
function apply(one: Case, rule: Rule, measure: Measure): Applied[] {
  const conditions = [emissionLimitFits(one, rule), principleFits(one, rule)]
  const rangeUnknown = rule.band_by === 'range' && (!measure.by || !measure.byUnit)
  const band = rangeUnknown ? firstBand(rule) : bandOf(rule, measure)
  if (!band) return []
  if (rangeUnknown) conditions.splice(0, conditions.length, null)
  return conditions.includes(false) ? [] : [{ rule, judged: judgement(one, rule, measure, band, !conditions.includes(null)) }]
}

function bandOf(rule: Rule, { by, byUnit }: Measure): Band | null {
  if (!rule.band_by) return firstBand(rule)
  const band = bandFor(rule, byUnit)
  return band && by && has(band.interval, by) ? band : null
}

/** Null: not known. */
function emissionLimitFits({ factor }: Case, { emissionLimit }: Rule): boolean | null {
  if (!emissionLimit) return true
  return factor.emissionLimit && has(emissionLimit, factor.emissionLimit)
}

function principleFits({ factor }: Case, { applies: { principles } }: Rule): boolean | null {
  if (!principles?.length) return true
  return factor.principle === null ? null : principles.includes(factor.principle)
}
