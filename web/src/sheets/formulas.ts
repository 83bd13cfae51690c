import type { Decimal, Value } from './exact'
import { decimal, percent, quotient, root, total } from './exact'

export type Column = (Value | null)[]
type Table = Record<string, string>
type Result = Value | null
type Pair = [reference: Decimal, measured: Decimal]

// Each means what its namesake in qingyuan_standards/formulas.py says. Null is a blank: no value, never an error.

interface OfNumbers { takes: 'numbers'; arguments: string[]; apply: (...of: Decimal[]) => Result }
interface OfColumns { takes: 'columns'; arguments: string[]; apply: (of: Column[], table: Table) => Result }
interface OfMoments { takes: 'moments'; arguments: string[]; apply: (earlier: number, later: number) => Result }
export type Formula = OfNumbers | OfColumns | OfMoments

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

const isNumber = (one: Value | null): one is Decimal => one !== null && typeof one !== 'string'
const numbers = (of: Column) => of.filter(isNumber)

function pairsOf(reference: Column, measured: Column): Pair[] {
  return reference.flatMap((one, at): Pair[] => {
    const other = measured[at] ?? null
    return isNumber(one) && isNumber(other) ? [[one, other]] : []
  })
}

function excess(found: Pair[]): Decimal {
  return total(found.map(([, one]) => one)).minus(total(found.map(([one]) => one)))
}

function mean(of: Decimal[]): Decimal | null {
  return quotient(total(of), decimal(of.length))
}

function verdict(byPair: Decimal, byGroup: Decimal, needed: Decimal): string {
  if (byPair.gte(needed) !== byGroup.gte(needed)) return '需人工复核'
  return byPair.gte(needed) ? '符合' : '不符合'
}

function groupRelativeError(found: Pair[]): Decimal | null {
  const below = total(found.map(([one]) => one))
  return below.gt(0) ? percent(excess(found), below) : null
}

function standardDeviation(found: Pair[]): Decimal | null {
  const n = decimal(found.length)
  if (n.lt(2)) return null
  const gaps = found.map(([one, other]) => one.minus(other))
  const sum = total(gaps)
  const spread = n.times(total(gaps.map((gap) => gap.times(gap)))).minus(sum.times(sum))
  const variance = quotient(spread, n.times(n.minus(1)))
  return variance && root(variance)
}

function confidence(found: Pair[], table: Table): Decimal | null {
  const deviation = standardDeviation(found)
  const t = table[String(found.length - 1)]
  return deviation && t !== undefined ? quotient(decimal(t).times(deviation), root(decimal(found.length))) : null
}

function relativeAccuracy(found: Pair[], table: Table): Decimal | null {
  const error = quotient(excess(found), decimal(found.length))
  const coefficient = confidence(found, table)
  const reference = mean(found.map(([one]) => one))
  if (!error || !coefficient || !reference?.gt(0)) return null
  return percent(error.abs().plus(coefficient.abs()), reference)
}

function needed(of: Column, table: Table): Decimal | null {
  const n = of.filter((one) => one !== null).length
  const reached = Object.keys(table).map(Number).filter((one) => one <= n)
  return reached.length ? decimal(table[String(Math.max(...reached))]!) : null
}

const ofNumbers = (names: string, apply: OfNumbers['apply']): Formula => ({ takes: 'numbers', arguments: names.split(' '), apply })
const ofColumn = (apply: (of: Column, table: Table) => Result): Formula => ({ takes: 'columns', arguments: ['of'], apply: ([of], table) => apply(of!, table) })
const ofPairs = (apply: (found: Pair[], table: Table) => Result): Formula => ({
  takes: 'columns',
  arguments: ['reference', 'measured'],
  apply: ([reference, measured], table) => apply(pairsOf(reference!, measured!), table),
})
const ofMoments = (apply: OfMoments['apply']): Formula => ({ takes: 'moments', arguments: ['earlier', 'later'], apply })

const minutesBetween = (earlier: number, later: number) => decimal((later - earlier) / MINUTE)

export const FORMULAS: Record<string, Formula> = {
  difference: ofNumbers('minuend subtrahend', (one, other) => one!.minus(other!)),
  drift: ofNumbers('before after_last span', (before, last, span) => (span!.gt(0) ? percent(before!.minus(last!), span!) : null)),
  relative_error: ofNumbers('measured reference', (measured, reference) => (reference!.gt(0) ? percent(measured!.minus(reference!), reference!) : null)),
  value: ofNumbers('of', (of) => of!),
  sum_of_two: ofNumbers('first second', (first, second) => first!.plus(second!)),
  mean_of_two: ofNumbers('first second', (...of) => mean(of)),
  mean_of_three: ofNumbers('first second third', (...of) => mean(of)),
  share: ofNumbers('part whole', (part, whole) => (whole!.gt(0) ? percent(part!, whole!) : null)),
  verdict: ofNumbers('by_pair by_group needed', (byPair, byGroup, least) => verdict(byPair!, byGroup!, least!)),
  mean: ofColumn((of) => mean(numbers(of))),
  largest_absolute: ofColumn((of) => numbers(of).map((one) => one.abs()).reduce<Decimal | null>((most, one) => (most?.gte(one) ? most : one), null)),
  count: ofColumn((of) => decimal(of.filter((one) => one !== null).length)),
  count_yes: ofColumn((of) => decimal(of.filter((one) => one === '是').length)),
  pairs: ofPairs((found) => (found.length ? decimal(found.length) : null)),
  reference_mean: ofPairs((found) => mean(found.map(([one]) => one))),
  measured_mean: ofPairs((found) => mean(found.map(([, one]) => one))),
  group_absolute_error: ofPairs((found) => quotient(excess(found), decimal(found.length))),
  group_relative_error: ofPairs(groupRelativeError),
  standard_deviation: ofPairs(standardDeviation),
  confidence: ofPairs(confidence),
  relative_accuracy: ofPairs(relativeAccuracy),
  needed: ofColumn(needed),
  days_between: ofMoments((earlier, later) => decimal(Math.floor(later / DAY) - Math.floor(earlier / DAY))),
  minutes_between: ofMoments(minutesBetween),
  hours_between: ofMoments((earlier, later) => quotient(minutesBetween(earlier, later), decimal(60))),
}
