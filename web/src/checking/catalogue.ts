/** The rules as they are applied: the twin of qingyuan_standards/rules/records.py and loading.py. */
import { decimal, type Decimal } from '../sheets/exact'
import { CATALOGUE, type IntervalRecord, type MissingRecord, type RuleRecord } from './data'

/** Null: without end. */
export interface Interval { low: Decimal | null; lowWithin: boolean; high: Decimal | null; highWithin: boolean; text: string }
/** `unit`: the family of units for which it holds, or `*`. */
export interface Band { unit: string; interval: Interval; limit: Decimal; limitText: string }
export interface Rule extends RuleRecord {
  ofUnits: Map<string, Band>
  emissionLimit: Interval | null
  alternativeLimit: Decimal | null
}

const EVERY = '*'
/** From the least to the most. The first two may warn, never block. */
export const CONFIDENCES = ['RECALL', 'SEEN', '2SRC', 'OFFICIAL']

function intervalOf(record: IntervalRecord): Interval {
  const [low, high] = [record.from ?? record.above ?? null, record.to ?? record.below ?? null]
  const [lowWithin, highWithin] = [record.from !== undefined, record.to !== undefined]
  const from = low === null ? '(-∞' : `${lowWithin ? '[' : '('}${low}`
  const to = high === null ? '∞)' : `${high}${highWithin ? ']' : ')'}`
  return { low: low === null ? null : decimal(low), lowWithin, high: high === null ? null : decimal(high), highWithin, text: `${from}, ${to}` }
}

export function has({ low, lowWithin, high, highWithin }: Interval, value: Decimal): boolean {
  const above = low === null || (lowWithin ? value.gte(low) : value.gt(low))
  return above && (high === null || (highWithin ? value.lte(high) : value.lt(high)))
}

export const textIn = (interval: Interval, unit: string): string => `${interval.text} ${unit}`.trimEnd()

function ruleOf(record: RuleRecord): Rule {
  const bands = record.bands.map((band): [string, Band] => [band.unit, { unit: band.unit, interval: intervalOf(band), limit: decimal(band.limit), limitText: band.limit }])
  const { emission_limit } = record.applies
  return {
    ...record,
    ofUnits: new Map(bands),
    emissionLimit: emission_limit ? intervalOf(emission_limit) : null,
    alternativeLimit: record.alternative ? decimal(record.alternative.limit) : null,
  }
}

export const RULES: readonly Rule[] = CATALOGUE.rules.map(ruleOf)

export const bandFor = (rule: Rule, family: string): Band | null => rule.ofUnits.get(family) ?? rule.ofUnits.get(EVERY) ?? null
export const firstBand = (rule: Rule): Band => [...rule.ofUnits.values()][0]!

/** Those that hold on the day, in the order of the catalogue. */
export function rulesFor(basis: string, docType: string, factor: string, day: string): Rule[] {
  return RULES.filter(({ applies, valid_from, valid_to }) =>
    applies.basis.includes(basis) && applies.doc_types.includes(docType) && applies.factors.includes(factor) && valid_from <= day && (!valid_to || day <= valid_to))
}

const concerns = (missing: MissingRecord, basis: string, docType: string, factor: string): boolean =>
  missing.standard === basis && [factor, EVERY].some((one) => missing.factors.includes(one)) && [docType, EVERY].some((one) => missing.doc_types.includes(one))

/** What the catalogue itself says is missing. */
export function knownMissing(basis: string, docType: string, factor: string): string[] {
  return CATALOGUE.missing.filter((missing) => concerns(missing, basis, docType, factor)).map(({ what }) => what)
}
