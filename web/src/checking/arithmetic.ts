/** Compares the figures that a report states with those that follow from its numbers: the twin of qingyuan_standards/rules/arithmetic.py. */
import { decimal, quotient, shown, type Decimal } from '../sheets/exact'
import type { Case } from './case'
import type { Typed } from './document'
import { place } from './places'
import { finding, type Finding } from './verdict'

const SIGNED = ['mean_difference', 'absolute_error', 'relative_error']
const HALF = decimal('0.5')
/** What the reported result of a test may be; the first is shown where it is none of them. */
const MAIN: Record<string, string[]> = {
  zero_drift: ['drift'],
  span_drift: ['drift'],
  indication_error: ['indication_of_gas', 'indication_of_range'],
  response_time: ['response_time'],
  velocity_field: ['field_coefficient'],
  correlation: ['correlation'],
  k_coefficient: ['k_coefficient'],
  qc_sample: ['relative_error'],
  level: ['largest_absolute'],
  cumulative_flow: ['relative_error'],
  oxygen_folding: ['folded'],
  mass_concentration: ['mass_concentration'],
  dry_basis: ['dry_basis'],
  standard_state: ['standard_state'],
}

export function arithmetic({ factor, figures, tests }: Case): Finding[] {
  const ofFactor = Object.entries(factor.reported).flatMap(([name, typed]) => {
    const computed = inConvention(name, figures[name], factor.convention)
    return computed ? compared(typed, [computed], SIGNED.includes(name)) : []
  })
  const ofTests = tests.flatMap(({ test, figures: own }) => {
    const found = (MAIN[test.kind] ?? []).flatMap((name) => own[name] ?? [])
    return test.reported && found.length ? compared(test.reported, found, false) : []
  })
  const ofPairs = factor.pairs.flatMap(({ stated, parallelMean }) => (stated && parallelMean ? compared(stated, [parallelMean], false) : []))
  return [...ofFactor, ...ofTests, ...ofPairs]
}

/** The computed d is reference - measured, errors are measured - reference; the report's are all of one sign. */
function inConvention(name: string, value: Decimal | undefined, convention: string): Decimal | undefined {
  if (!value || !SIGNED.includes(name)) return value
  return (name === 'mean_difference') === (convention === 'measured_minus_reference') ? value.neg() : value
}

function compared(typed: Typed, computed: Decimal[], signed: boolean): Finding[] {
  const off = computed.map((value) => value.minus(typed.value).abs()).reduce((least, one) => (one.lt(least) ? one : least))
  const half = typed.step.times(HALF)
  if (off.lte(half)) return []
  const inDigits = shownAs(computed[0]!, typed)
  const told = `${place(typed.at)}填写为 ${typed.text}，按数据计算为 ${inDigits}`
  const more = { typed: typed.text, computed: inDigits }
  if (signed && computed[0]!.plus(typed.value).abs().lte(half)) return [finding('arithmetic.sign', 'note', typed.at, `${told}，只有符号不同，请核对误差的符号约定。`, more)]
  if (off.lte(typed.step.plus(half))) return [finding('arithmetic.differs', 'note', typed.at, `${told}，末位相差一个单位，可能是分步修约。`, more)]
  return [finding('arithmetic.differs', 'warning', typed.at, `${told}，两者不符。`, more)]
}

/** The computed figure in the unit and with the digits of the typed one. */
function shownAs(computed: Decimal, typed: Typed): string {
  const digits = /[.．](.*)$/.exec(typed.text)?.[1]?.length ?? 0
  const unit = typed.step.times(decimal(`1e${digits}`))
  return shown(quotient(computed, unit)!, digits)
}
