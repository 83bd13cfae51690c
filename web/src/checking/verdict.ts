/** What comes of a check, in the form in which the server writes it: the twin of qingyuan_standards/rules/verdict.py. */
import { shown, type Decimal } from '../sheets/exact'
import type { Confidence } from '../sheets/types'
import { DATA, QUANTITIES, type Comparison, type Severity } from './data'
import type { Conclusion, Factor, Test } from './document'
import type { Figures } from './quantities'

export type Result = 'pass' | 'fail' | 'review' | 'not_judged' | 'missing_data'
const WORST_FIRST: Result[] = ['fail', 'review', 'missing_data', 'not_judged', 'pass']

export interface BandUsed { by: string; value: string; shown: string; unit: string; text: string }
/** One of two readings of the standard, and what it gives. */
export interface Way { way: 'by_pair' | 'by_group'; within: number; needed: number; pairs: number; result: Result }

/** A rule applied. `value` is compared; `shown` is for reading. */
export interface Judged {
  rule: string
  title: string
  standard: string
  edition: string
  clause: string
  clause_confidence: Confidence
  confidence: Confidence
  prose: string
  at: string
  inputs: string[]
  quantity: string
  value: string | null
  shown: string | null
  unit: string
  comparison: Comparison
  limit: string
  band: BandUsed | null
  result: Result
  severity: Severity
  blocking: boolean
  near_limit: boolean
  marks: string[]
  stands_on: string[]
  alternatives: Way[]
  sentence: string
}

export interface Finding { code: string; severity: 'warning' | 'note'; at: string; others: string[]; typed: string | null; computed: string | null; sentence: string }
export interface Figure { value: string; shown: string; unit: string; formula: string }
export interface FactorVerdict {
  at: string
  point: string
  factor: string
  name: string
  unit: string
  basis: string
  result: Result
  blocking: boolean
  concluded: Conclusion | null
  figures: Record<string, Figure>
  tests: { at: string; test: string; figures: Record<string, Figure> }[]
  missing: string[]
}
export interface Missing { standard: string; factor: string; at: string; what: string }
export interface Verdict {
  verdict: 'v1'
  catalogue: { version: string; sha256: string }
  document_sha256: string
  result: Result
  blocking: boolean
  convention: string
  factors: FactorVerdict[]
  rules: Judged[]
  findings: Finding[]
  missing: Missing[]
}

export function worst(results: readonly Result[]): Result {
  return WORST_FIRST.find((result) => results.includes(result)) ?? 'not_judged'
}

/** Without exponent and without zeros at the end. */
export const plain = (value: Decimal): string => value.toFixed()

export function finding(code: string, severity: Finding['severity'], at: string, sentence: string, more: Partial<Pick<Finding, 'others' | 'typed' | 'computed'>> = {}): Finding {
  return { code, severity, at, others: more.others ?? [], typed: more.typed ?? null, computed: more.computed ?? null, sentence }
}

interface Checked { factor: Factor; figures: Figures; tests: { test: Test; figures: Figures }[] }

/** Notes, and so what is exempted, make no part of a result. */
export function factorVerdict({ factor, figures, tests }: Checked, judged: readonly Judged[], lacking: readonly string[], known: readonly string[]): FactorVerdict {
  const found = judged.filter(({ severity }) => severity !== 'note').map(({ result }) => result)
  return {
    at: factor.at,
    point: factor.point,
    factor: factor.code,
    name: DATA.factors[factor.code]![0],
    unit: factor.unit.family,
    basis: factor.basis,
    result: worst(lacking.length || !found.length ? [...found, 'not_judged'] : found),
    blocking: judged.some(({ blocking }) => blocking),
    concluded: factor.concluded,
    figures: figuresOf(figures, factor.unit.family),
    tests: tests.map((one) => ({ at: one.test.at, test: one.test.kind, figures: figuresOf(one.figures, one.test.unit.family) })),
    missing: [...lacking, ...known],
  }
}

function figuresOf(figures: Figures, unit: string): Record<string, Figure> {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, figureOf(name, value, unit)]))
}

function figureOf(name: string, value: Decimal, unit: string): Figure {
  const quantity = QUANTITIES[name]!
  return { value: plain(value), shown: shown(value, quantity.digits), unit: quantity.unit ?? unit, formula: quantity.formula }
}
