/** Conversions of concentrations (HJ 212-2017 annex D): the twin of qingyuan_standards/rules/conversions.py. */
import { decimal, HUNDRED, quotient, type Decimal } from '../sheets/exact'
import { CATALOGUE } from './data'
import type { Test } from './document'
import { own } from './units'

const AIR_OXYGEN = decimal(21)
const MOLAR_VOLUME = decimal('22.4')
const STANDARD_PRESSURE = decimal(101325)
const ICE_POINT = decimal(273)

/** F-fold, eq. 26-28. */
function folded({ numbers }: Test): Decimal | null {
  const [above, below] = [AIR_OXYGEN.minus(numbers.oxygen_reference!), AIR_OXYGEN.minus(numbers.oxygen!)]
  return below.gt(0) ? quotient(numbers.value!.times(above), below) : null
}

/** F-mass, eq. 20. */
function mass({ numbers }: Test, code: string): Decimal | null {
  const mass = own(CATALOGUE.molar_masses, code)
  return mass === undefined ? null : quotient(decimal(mass).times(numbers.value!), MOLAR_VOLUME)
}

/** F-dry, eq. 19. */
function dry({ numbers }: Test): Decimal | null {
  const rest = HUNDRED.minus(numbers.moisture!)
  return rest.gt(0) ? quotient(numbers.value!.times(HUNDRED), rest) : null
}

/** F-Csn, eq. 18. */
function standard({ numbers }: Test): Decimal | null {
  const [warmth, pressure] = [ICE_POINT.plus(numbers.temperature!), numbers.pressure!]
  const above = numbers.value!.times(STANDARD_PRESSURE).times(warmth)
  return pressure.gt(0) && warmth.gt(0) ? quotient(above, pressure.times(ICE_POINT)) : null
}

/** Kind of test → name of its quantity, and how it is computed. */
export const CONVERSIONS: Record<string, [string, (test: Test, code: string) => Decimal | null]> = {
  oxygen_folding: ['folded', folded],
  mass_concentration: ['mass_concentration', mass],
  dry_basis: ['dry_basis', dry],
  standard_state: ['standard_state', standard],
}
