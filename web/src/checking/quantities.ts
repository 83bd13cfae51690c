/** The named quantities of reports: the twin of qingyuan_standards/rules/quantities.py. */
import { decimal, quotient, root, total, type Decimal } from '../sheets/exact'
import { drift, mean, relativeError, share, square } from './formulas'
import type { Factor, Pair, Row, Test } from './document'
import { own } from './units'

export type Figures = Record<string, Decimal>
type Perhaps = Record<string, Decimal | null>

const TWO = 2

/** Of the counted pairs together. d is reference - measured, errors are measured - reference, as the formulas have it. */
export function pairFigures(pairs: readonly Pair[], t95: Record<string, string>): Figures {
  const n = decimal(pairs.length)
  const [reference, measured] = [total(pairs.map((pair) => pair.reference)), total(pairs.map((pair) => pair.measured))]
  const excess = measured.minus(reference)
  const [error, referenceMean] = [quotient(excess, n), quotient(reference, n)]
  const deviation = deviationOf(pairs, n, excess)
  const coefficient = coefficientOf(deviation, n, t95)
  return known({
    pairs: n,
    reference_mean: referenceMean,
    measured_mean: quotient(measured, n),
    mean_difference: quotient(excess.neg(), n),
    absolute_error: error,
    relative_error: reference.gt(0) ? share(excess, reference) : null,
    standard_deviation: deviation,
    confidence_coefficient: coefficient,
    relative_accuracy: accuracyOf(error, coefficient, referenceMean),
  })
}

/** Without those that have no value. */
export function known(figures: Perhaps): Figures {
  return Object.fromEntries(Object.entries(figures).filter((entry): entry is [string, Decimal] => entry[1] !== null))
}

/** F-Sd as (n Σd² - (Σd)²) / (n (n-1)): the same figure with a single quotient. */
function deviationOf(pairs: readonly Pair[], n: Decimal, excess: Decimal): Decimal | null {
  if (pairs.length < TWO) return null
  const squares = total(pairs.map((pair) => square(pair.reference.minus(pair.measured))))
  const variance = quotient(n.times(squares).minus(square(excess)), n.times(n.minus(1)))
  return variance && root(variance)
}

function coefficientOf(deviation: Decimal | null, n: Decimal, t95: Record<string, string>): Decimal | null {
  const t = own(t95, n.minus(1).toFixed())
  return deviation && t ? quotient(decimal(t).times(deviation), root(n)) : null
}

function accuracyOf(error: Decimal | null, coefficient: Decimal | null, referenceMean: Decimal | null): Decimal | null {
  return error && coefficient && referenceMean?.gt(0) ? share(error.abs().plus(coefficient), referenceMean) : null
}

export function ofPair(pair: Pair, quantity: string): Decimal | null {
  return quantity === 'absolute_error' ? pair.measured.minus(pair.reference) : relativeError(pair.measured, pair.reference)
}

export const fullScale = (test: Test, factor: Factor): Decimal | null => own(test.numbers, 'range') ?? factor.instrumentRange

function driftOf(test: Test, factor: Factor): Perhaps {
  const [before, afterLast] = [test.numbers.before!, test.numbers.after_last!]
  const span = fullScale(test, factor)
  return { drift: span && drift(before, afterLast, span), drift_absolute: before.minus(afterLast) }
}

function indication(test: Test, factor: Factor): Perhaps {
  const [gas, span] = [test.numbers.gas!, fullScale(test, factor)]
  const shown = mean(columnOf(test, 'reading'))
  return shown ? { indication_of_gas: relativeError(shown, gas), indication_of_range: span && drift(shown, gas, span) } : {}
}

function response(test: Test): Perhaps {
  return { response_time: mean(test.rows.map((row) => row.transport!.plus(row.rise!))) }
}

/** F-Kv of each set: the ratio of areas times the ratio of velocities; F-KvP: their deviation as a share of their mean. */
function field(test: Test): Perhaps {
  const every = test.rows.map((row) => quotient(row.reference_area!.times(row.reference_velocity!), row.area!.times(row.velocity!)))
  const found = every.filter((value) => value !== null)
  const middle = found.length === every.length ? mean(found) : null
  if (!middle || found.length < TWO || middle.lte(0)) return { field_coefficient: middle }
  const variance = quotient(total(found.map((value) => square(value.minus(middle)))), decimal(found.length - 1))
  return { field_coefficient: middle, field_precision: variance && share(root(variance), middle) }
}

/** F-PMcorr, Y = a + bX: X is the display, Y the reference. */
function correlation(test: Test): Perhaps {
  const n = decimal(test.rows.length)
  const [x, y] = [columnOf(test, 'measured'), columnOf(test, 'reference')]
  const [sumX, sumY] = [total(x), total(y)]
  const xx = n.times(products(x, x)).minus(square(sumX))
  const yy = n.times(products(y, y)).minus(square(sumY))
  const xy = n.times(products(x, y)).minus(sumX.times(sumY))
  const rest = sumY.times(xx).minus(xy.times(sumX))
  return { pairs: n, slope: quotient(xy, xx), intercept: quotient(rest, n.times(xx)), correlation: quotient(xy, root(xx.times(yy))) }
}

const products = (first: Decimal[], second: Decimal[]): Decimal => total(first.map((value, at) => value.times(second[at]!)))
const columnOf = (test: Test, name: string): Decimal[] => test.rows.flatMap((row: Row) => own(row, name) ?? [])

function coefficientK(test: Test): Perhaps {
  return { pairs: decimal(test.rows.length), k_coefficient: quotient(total(columnOf(test, 'reference')), total(columnOf(test, 'measured'))) }
}

function level(test: Test): Perhaps {
  const errors = test.rows.map((row) => row.measured!.minus(row.reference!).abs())
  return { pairs: decimal(errors.length), largest_absolute: errors.reduce<Decimal | null>((most, one) => (most?.gte(one) ? most : one), null) }
}

const compared = (of: string) => (test: Test): Perhaps => ({ relative_error: relativeError(test.numbers.measured!, test.numbers[of]!) })
const stated = (name: string, quantity: string) => (test: Test): Perhaps => ({ [quantity]: test.numbers[name]! })

export const OF_TESTS: Record<string, (test: Test, factor: Factor) => Perhaps> = {
  zero_drift: driftOf,
  span_drift: driftOf,
  indication_error: indication,
  response_time: response,
  analysis_cycle: stated('minutes', 'analysis_cycle'),
  converter_efficiency: stated('percent', 'converter_efficiency'),
  velocity_field: field,
  correlation,
  k_coefficient: coefficientK,
  qc_sample: compared('standard'),
  level,
  cumulative_flow: compared('reference'),
}
