/** Formulas that reports share with sheets: the twin of what the rules take from qingyuan_standards/formulas.py. */
import { decimal, HUNDRED, percent, quotient, total, type Decimal } from '../sheets/exact'

export const ONE = decimal(1)

export function mean(values: readonly Decimal[]): Decimal | null {
  return quotient(total([...values]), decimal(values.length))
}

/** F-ZD, F-SD: % of full scale. */
export function drift(before: Decimal, afterLast: Decimal, span: Decimal): Decimal | null {
  return span.gt(0) ? percent(before.minus(afterLast), span) : null
}

/** F-RE, W-RE: % of the reference; null where the reference is not above zero. */
export function relativeError(measured: Decimal, reference: Decimal): Decimal | null {
  return reference.gt(0) ? percent(measured.minus(reference), reference) : null
}

export const square = (value: Decimal): Decimal => value.times(value)
export const share = (part: Decimal, whole: Decimal): Decimal | null => quotient(part.times(HUNDRED), whole)
