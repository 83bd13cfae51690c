/** A calculation line by line: the formula, the numbers put in, and what comes out. */
import { decimal, shown, total, type Decimal } from '../../sheets/exact'
import { DATA, QUANTITIES } from '../data'
import type { Pair } from '../document'
import { square } from '../formulas'
import type { Figure, Judged } from '../verdict'

export interface Step { title: string; formula: string; filled: string; result: string }
type Figures = Record<string, Figure>

const TERMS_MAX = 12
const ENDS = 3

/** Every term where they are few, else the first and the last of them. */
function terms(all: string[], between: string): string {
  return (all.length <= TERMS_MAX ? all : [...all.slice(0, ENDS), '…', ...all.slice(-ENDS)]).join(between)
}
const inBrackets = (value: Decimal): string => (value.lt(0) ? `(${value.toFixed()})` : value.toFixed())
const told = ({ shown: value, unit }: Figure): string => `${value} ${unit}`.trimEnd()
const differences = (pairs: readonly Pair[]): Decimal[] => pairs.map(({ reference, measured }) => reference.minus(measured))

type Line = (figures: Figures, pairs: readonly Pair[]) => [formula: string, filled: string]

const LINES: Record<string, Line> = {
  reference_mean: (_, pairs) => ['Σ参比值 / n', `(${terms(pairs.map(({ reference }) => reference.toFixed()), ' + ')}) / ${pairs.length}`],
  measured_mean: (_, pairs) => ['Σ仪器值 / n', `(${terms(pairs.map(({ measured }) => measured.toFixed()), ' + ')}) / ${pairs.length}`],
  mean_difference: (_, pairs) => ['d̄ = Σ(参比值 − 仪器值) / n', `(${terms(differences(pairs).map(inBrackets), ' + ')}) / ${pairs.length}`],
  absolute_error: (figures) => ['仪器平均值 − 参比平均值', `${figures.measured_mean!.shown} − ${figures.reference_mean!.shown}`],
  relative_error: (figures) => ['(仪器平均值 − 参比平均值) / 参比平均值 × 100%', `(${figures.measured_mean!.shown} − ${figures.reference_mean!.shown}) / ${figures.reference_mean!.shown} × 100%`],
  standard_deviation: (_, pairs) => ['Sd = √[(n·Σd² − (Σd)²) / (n(n − 1))]', deviation(pairs)],
  confidence_coefficient: (figures, pairs) => ['cc = t × Sd / √n', `${DATA.catalogue.t95[String(pairs.length - 1)]} × ${figures.standard_deviation!.shown} / √${pairs.length}`],
  relative_accuracy: (figures) => ['(|d̄| + |cc|) / 参比平均值 × 100%', `(|${figures.mean_difference!.shown}| + |${figures.confidence_coefficient!.shown}|) / ${figures.reference_mean!.shown} × 100%`],
}
const NEEDS: Record<string, string[]> = {
  absolute_error: ['reference_mean', 'measured_mean'],
  relative_error: ['reference_mean', 'measured_mean'],
  relative_accuracy: ['reference_mean', 'mean_difference', 'standard_deviation', 'confidence_coefficient'],
}

function deviation(pairs: readonly Pair[]): string {
  const d = differences(pairs)
  const n = pairs.length
  return `√[(${n} × ${total(d.map(square)).toFixed()} − ${inBrackets(total(d))}²) / (${n} × ${n - 1})]`
}

/** Of a rule about all pairs of a factor. Empty where nothing is calculated. */
export function stepsOf(judged: Judged, figures: Figures, pairs: readonly Pair[]): Step[] {
  const names = [...(NEEDS[judged.quantity] ?? []), judged.quantity]
  return names.flatMap((name): Step[] => {
    const [line, figure] = [LINES[name], figures[name]]
    if (!line || !figure) return []
    const [formula, filled] = line(figures, pairs)
    return [{ title: QUANTITIES[name]!.title, formula, filled, result: told(figure) }]
  })
}

const PAIR_DIGITS = 6

/** Of a rule about one pair. */
export function stepOfPair(judged: Judged, { reference, measured }: Pair): Step {
  const [r, m] = [trimmed(reference), trimmed(measured)]
  const result = `${judged.shown ?? '无法计算'} ${judged.shown === null ? '' : judged.unit}`.trimEnd()
  const { title } = QUANTITIES[judged.quantity]!
  return judged.quantity === 'absolute_error'
    ? { title, formula: '仪器值 − 参比值', filled: `${m} − ${r}`, result }
    : { title, formula: '(仪器值 − 参比值) / 参比值 × 100%', filled: `(${m} − ${r}) / ${r} × 100%`, result }
}

const trimmed = (value: Decimal): string => decimal(shown(value, PAIR_DIGITS)).toFixed()
