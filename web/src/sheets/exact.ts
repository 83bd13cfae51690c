import Big from 'big.js'

// The twin of qingyuan_standards.formulas: sums, differences and products are exact; a quotient is rounded half-even
// to 20 places, a root is cut after 20, what is shown is rounded half-even to its digits.
const PLACES = 20
const HALF_EVEN = 2

export const Exact = Big()
Exact.DP = PLACES
Exact.RM = HALF_EVEN
const Wide = Big()
Wide.DP = 2 * PLACES

export type Decimal = Big
export type Value = Decimal | string

export const decimal = (text: string | number): Decimal => new Exact(text)
export const ZERO = decimal(0)
export const HUNDRED = decimal(100)

/** As it is written on the sheet, never with a minus before zero. */
export function shown(value: Decimal, digits: number): string {
  const rounded = value.round(digits, HALF_EVEN)
  return (rounded.eq(0) ? ZERO : rounded).toFixed(digits)
}

export function quotient(dividend: Decimal, divisor: Decimal): Decimal | null {
  return divisor.eq(0) ? null : dividend.div(divisor)
}

export function percent(part: Decimal, whole: Decimal): Decimal | null {
  return quotient(part.times(HUNDRED), whole)
}

export function root(value: Decimal): Decimal {
  return decimal(new Wide(value).sqrt().round(PLACES, 0).toFixed())
}

export function total(values: Decimal[]): Decimal {
  return values.reduce((sum, one) => sum.plus(one), ZERO)
}
