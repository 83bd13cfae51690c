/** One factor of a report with everything that rules ask of it, computed once: the twin of qingyuan_standards/rules/case.py. */
import { decimal, quotient, ZERO, type Decimal } from '../sheets/exact'
import { bandFor, has, rulesFor, type Rule } from './catalogue'
import { CONVERSIONS } from './conversions'
import { CATALOGUE } from './data'
import { counted, type Factor, type Pair, type Report, type Test } from './document'
import { ONE } from './formulas'
import { known, OF_TESTS, ofPair, pairFigures, type Figures } from './quantities'

const HOUR = decimal(60)

/** How many pairs lie within their limit, the band chosen for each pair and for the group. */
export interface Within { byPair: number; byGroup: number; rules: Rule[] }

export interface Case {
  report: Report
  factor: Factor
  rules: Rule[]
  pairs: Pair[]
  inputs: string[]
  figures: Figures
  within: Within | null
  tests: { test: Test; figures: Figures }[]
}

export function caseOf(report: Report, factor: Factor): Case {
  const rules = rulesFor(factor.basis, report.docType, factor.code, report.day)
  const pairs = counted(factor)
  const figures = pairs.length ? pairFigures(pairs, CATALOGUE.t95) : { pairs: ZERO }
  const within = withinOf(rules, factor, pairs, figures.reference_mean ?? null)
  return {
    report, factor, rules, pairs, within,
    inputs: pairs.flatMap((pair) => pair.inputs),
    figures: within ? { ...figures, pairs_within: decimal(within.byPair) } : figures,
    tests: factor.tests.map((test) => ({ test, figures: figuresOf(test, factor) })),
  }
}

/** Null where no rule limits single pairs, or a pair or their mean lies in no band. */
function withinOf(every: Rule[], factor: Factor, pairs: Pair[], mean: Decimal | null): Within | null {
  const rules = every.filter((rule) => rule.on === 'pair')
  if (!rules.length || !mean) return null
  const { family } = factor.unit
  const group = chosen(rules, family, mean)
  const own = pairs.flatMap((pair) => chosen(rules, family, pair.reference) ?? [])
  if (!group || own.length < pairs.length) return null
  const byPair = pairs.map((pair, at) => isWithin(own[at]!, family, pair))
  const byGroup = pairs.map((pair) => isWithin(group, family, pair))
  if (byPair.includes(null) || byGroup.includes(null)) return null
  return { byPair: byPair.filter(Boolean).length, byGroup: byGroup.filter(Boolean).length, rules: [...new Set([...own, group])] }
}

function chosen(rules: Rule[], family: string, reference: Decimal): Rule | null {
  const holds = (rule: Rule) => {
    const band = bandFor(rule, family)
    return band !== null && has(band.interval, reference)
  }
  return rules.find(holds) ?? null
}

function isWithin(rule: Rule, family: string, pair: Pair): boolean | null {
  const [value, band] = [ofPair(pair, rule.quantity), bandFor(rule, family)]
  return value && band ? value.abs().lte(band.limit) : null
}

function figuresOf(test: Test, factor: Factor): Figures {
  const conversion = CONVERSIONS[test.kind]
  return known(conversion ? { [conversion[0]]: conversion[1](test, factor.code) } : OF_TESTS[test.kind]!(test, factor))
}

/** Quantities of the factor that are not of its pairs' values. */
export function ofReport({ report, factor, pairs }: Case, quantity: string): Decimal | null {
  if (quantity === 'duration_hours') return quotient(decimal(report.end - report.start), HOUR)
  if (quantity === 'no2_measured') return factor.no2 === null ? null : factor.no2 === 'none' ? ZERO : ONE
  if (quantity === 'parallels') return least(pairs.filter((pair) => !pair.substitute).map((pair) => pair.parallels))
  return null
}

const least = (counts: number[]): Decimal | null => (counts.length ? decimal(Math.min(...counts)) : null)
