/** What follows from a point of the register: the kinds of report there can be, and the factors with their instruments. Pure. */
import { RULES } from '../../checking/catalogue'
import { factorsOf, kindOf, KINDS, unitsOf, type Kind } from '../../checking/page/choices'
import type { Task, Medium } from '../../api/types'
import { emptyRows, newId, type FactorForm, type NamedInstrument, type PointForm } from './form'

export type Instrument = Task['instruments'][number]

/** The kinds of report for which there are rules in this medium. */
export const kindsFor = (medium: Medium): Kind[] => KINDS.filter(({ basis, docType }) => RULES.some(({ applies }) => applies.medium === medium && applies.basis.includes(basis) && applies.doc_types.includes(docType)))

const named = ({ id, version, name, model, serial_number }: Instrument): NamedInstrument => ({ instrument_id: id, version, name, model, serial_number })

/** An instrument in one line, as people recognise it. */
export const labelOf = ({ name, model, serial_number }: NamedInstrument): string => [name, model, serial_number && `编号 ${serial_number}`].filter(Boolean).join(' ')

/** What the instrument is read in, where pairs are read in it, too. */
function unitFor(factor: string, instrument: Instrument | null): string {
  const units = unitsOf(factor)
  return units.find((unit) => unit === instrument?.unit) ?? units[0] ?? ''
}

export const emptyFactor = (factor: string, instrument: Instrument | null): FactorForm => ({
  id: newId(), factor, unit: unitFor(factor, instrument), basis: null, instrument: instrument && named(instrument), method: '', emissionLimit: '',
  parallels: false, times: false, rows: emptyRows(), conclusion: '', reported: {}, kept: {},
})

/** The point with each factor for which an instrument stands there, and for which this kind of report has rules. */
export function pointFormOf({ point, instruments }: Task, kindKey: string): PointForm {
  const known = factorsOf(kindOf(kindKey)).map(({ code }) => code)
  const measuring = instruments.filter(({ factor }) => factor && known.includes(factor))
  const factors = [...new Set(measuring.map(({ factor }) => factor!))]
  return { id: point.id, name: point.name, code: point.code, kept: {}, factors: factors.map((factor) => emptyFactor(factor, measuring.find((instrument) => instrument.factor === factor)!)) }
}

/** Instruments of a factor at a point. */
export const instrumentsFor = (task: Task | undefined, factor: string): NamedInstrument[] => (task?.instruments ?? []).filter((instrument) => instrument.factor === factor).map(named)
