/** What the register, the visit and the contract know of a record sheet. Pure: nothing here reads or writes the phone. */
import type { RegisterFields } from '../../api/types'
import { emptyRow, labelOf, newRow, otherSource, type Circumstances, type Form, type Values } from '../../sheets'
import { localTime } from '../../days'
import type { Task, Visit } from '../types'
import { same } from './merge'

type Instrument = Task['instruments'][number]
type Row = Record<string, string>
type Part = 'factor' | 'label' | 'maker' | 'manufacturer' | 'method' | 'model' | 'name' | 'name_and_model' | 'serial_number' | 'unit'

/** What the fields are filled from; `instruments` are those that are chosen. */
export interface Known extends Circumstances { instruments: Instrument[] }

/** A sheet before and after. `carried` is what the sheet took from the last one: nobody typed it into this one. */
interface Filling { values: Values; carried: Values; before: Known; after: Known }

const OTHER = '其他'
const LONGEST = 100

export const knownOf = (visit: Visit, chosen: string[]): Known => ({
  instruments: visit.task.instruments.filter((instrument) => chosen.includes(instrument.id)),
  point: visit.task.point, operator: visit.task.operator_name ?? null, day: visit.day,
  arrived_at: visit.sign_in ? localTime(visit.sign_in.claimed_at) : null,
})

/** What people call an instrument that stands among others: the factor, or the name where it measures none. */
export const nameOf = (of: RegisterFields | undefined, instrument: Instrument): string => instrument.name ?? of?.factors[instrument.factor ?? '']?.instrument ?? instrument.factor ?? ''

/** The instruments that a form is for; all of them where the register has none of these. What was chosen stays to be seen. */
export function offered(of: RegisterFields | undefined, form: Form, all: Instrument[], chosen: string[] = []): Instrument[] {
  const sources = of?.forms[form.form]
  if (!sources) return all
  const fits = (instrument: Instrument): boolean => {
    const factor = instrument.factor ?? ''
    return sources.kinds.includes(instrument.kind) && (!sources.factors.length || sources.factors.includes(factor)) && !sources.other_factors_than.includes(factor)
  }
  return all.some(fits) ? all.filter((instrument) => fits(instrument) || chosen.includes(instrument.id)) : all
}

/** The only instrument that a sheet can be about is chosen by itself. */
export function chosenAtStart(of: RegisterFields | undefined, form: Form, all: Instrument[]): string[] {
  const fitting = form.instruments === 'none' ? [] : offered(of, form, all)
  return fitting.length === 1 ? fitting.map((instrument) => instrument.id) : []
}

/**
 * The fields that change at the start of a sheet, or when other instruments are chosen. Filled is what is empty; replaced is
 * only what the former choice gave, and what came from the last sheet where an instrument says otherwise.
 */
export function filledFromRegister(of: RegisterFields | undefined, form: Form, { values, carried, before, after }: Filling): Values {
  const sources = of?.forms[form.form]
  const changed: Values = {}
  if (!of || !sources) return changed
  const another = isOfAnother(of, form, carried, after)
  for (const [field, { source }] of Object.entries(sources.fields)) {
    if (!form.schema.properties[field]) continue
    const [was, is] = [fieldFrom(of, form, field, before), fieldFrom(of, form, field, after)]
    const old = source.startsWith('instrument.') ? textOf(carried[field]) : ''
    const now = textOf(values[field])
    const next = another && now === old ? is : settled(now, { was, is, old })
    if (next !== now) changed[field] = next
  }
  for (const table of Object.keys(sources.rows)) {
    if (!form.schema.properties[table]?.items) continue
    const next = filledRows(of, form, table, { values, carried, before, after })
    if (!same(next, rowsOf(values, table))) changed[table] = next
  }
  return changed
}

/** Whether the last sheet was about another factor: what it says of its instrument is not of this one. */
function isOfAnother(of: RegisterFields, form: Form, carried: Values, known: Known): boolean {
  const factor = form.schema.properties.factor ? fieldFrom(of, form, 'factor', known) : ''
  return factor !== '' && textOf(carried.factor) !== '' && carried.factor !== factor
}

/** The tables that change because their rows get what a new row starts with, where that is still blank. */
export function rowsBegun(of: RegisterFields | undefined, form: Form, values: Values, known: Known): Values {
  const changed: Values = {}
  for (const table of Object.keys(of?.forms[form.form]?.new_rows ?? {})) {
    const start = newRow(of, form, table, known)
    const next = rowsOf(values, table).map((row) => ({ ...row, ...Object.fromEntries(Object.entries(start).filter(([column]) => !row[column])) }))
    if (!same(next, rowsOf(values, table))) changed[table] = next
  }
  return changed
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** `was` and `is`: what the register gives before and after; `old`: what the last sheet had. */
function settled(now: string, { was, is, old }: { was: string; is: string; old: string }): string {
  if (now === '' || now === was) return is
  return now === old && is !== '' ? is : now
}

export function fieldFrom(of: RegisterFields, form: Form, field: string, known: Known): string {
  const entry = of.forms[form.form]?.fields[field]
  if (!entry) return ''
  const choices = form.schema.properties[field]?.enum
  const some = entry.factors.length ? known.instruments.filter((instrument) => entry.factors.includes(instrument.factor ?? '')) : known.instruments
  if (entry.source.startsWith('instrument.')) return joined(some.map((instrument) => partOf(of, instrument, entry.source, choices)))
  const value = otherSource(entry.source, known)
  return entry.words[value] ?? value
}

/** The factor that the chosen instruments give to the sheet; empty where they give none. */
export const factorFrom = (of: RegisterFields | undefined, form: Form, known: Known): string => (of && form.schema.properties.factor ? fieldFrom(of, form, 'factor', known) : '')

/** Several in one field, as many as it has room for. */
function joined(all: string[]): string {
  const texts = [...new Set(all.filter((text) => text !== ''))]
  for (let count = texts.length; count > 0; count--) {
    const text = texts.slice(0, count).join('；') + (count < texts.length ? ` 等 ${texts.length} 台` : '')
    if (text.length <= LONGEST) return text
  }
  return ''
}

/** A choice that the field does not offer is left to the person. */
export function partOf(of: RegisterFields, instrument: Instrument, source: string, choices: string[] | undefined): string {
  const text = particular(of, instrument, source.replace('instrument.', '') as Part)
  if (!choices || choices.includes(text)) return text
  return source === 'instrument.factor' && instrument.factor && choices.includes(OTHER) ? OTHER : ''
}

function particular(of: RegisterFields, instrument: Instrument, part: Part): string {
  const worded = (...texts: (string | null)[]): string => texts.filter((text) => text).join(' ')
  const name = nameOf(of, instrument)
  switch (part) {
    case 'factor': return of.factors[instrument.factor ?? '']?.choice ?? ''
    case 'name': return name
    case 'name_and_model': return worded(name, instrument.model)
    case 'label': return labelOf({ ...instrument, name })
    case 'maker': return instrument.maker ?? instrument.manufacturer ?? ''
    default: return instrument[part] ?? ''
  }
}

interface Given { id: string; row: Row }

/** What each chosen instrument gives to its row of a table. */
export function rowsFrom(of: RegisterFields, form: Form, table: string, known: Known): Given[] {
  const { by, columns } = of.forms[form.form]!.rows[table]!
  const schema = form.schema.properties[table]!.items!.properties
  const there = Object.entries(columns).filter(([column]) => schema[column])
  return known.instruments
    .map((instrument): Given => ({ id: instrument.id, row: Object.fromEntries(there.map(([column, source]) => [column, partOf(of, instrument, source, schema[column]?.enum)])) }))
    .filter(({ row }) => row[by])
}

export const rowsOf = (values: Values, table: string): Row[] => (Array.isArray(values[table]) ? (values[table] as Row[]) : [])

/** Which row of the sheet is whose: of those with the same text in the column `by`, the one that says most of what the register gives. */
export function matched(rows: Row[], given: Given[], by: string): Map<string, Row> {
  const alike = (given: Row, row: Row): number => Object.entries(given).filter(([column, text]) => row[column] === text).length
  const pairs = given.flatMap(({ id, row: givenRow }) => rows.flatMap((row) => (row[by] === givenRow[by] ? [{ id, row, alike: alike(givenRow, row) }] : [])))
  const found = new Map<string, Row>()
  const taken = new Set<Row>()
  for (const { id, row } of pairs.sort((first, second) => second.alike - first.alike)) {
    if (found.has(id) || taken.has(row)) continue
    found.set(id, row)
    taken.add(row)
  }
  return found
}

export const says = (row: Row): [string, string][] => Object.entries(row).filter(([, text]) => text !== '')

/** A row that holds only what an instrument gave goes with the instrument; one with a person's figures stays. A row that a person deleted does not come back. */
function filledRows(of: RegisterFields, form: Form, table: string, { values, carried, before, after }: Filling): Row[] {
  const { by } = of.forms[form.form]!.rows[table]!
  const start = newRow(of, form, table, before)
  const gave = rowsFrom(of, form, table, before)
  const whose = matched(rowsOf(values, table), gave, by)
  const deleted = gave.filter(({ id }) => !whose.has(id)).map(({ id }) => id)
  const gives = rowsFrom(of, form, table, after).filter(({ id }) => !deleted.includes(id))
  const goes = ({ id, row: givenRow }: Given): boolean => !gives.some((other) => other.id === id) && says(whose.get(id) ?? {}).every(([column, text]) => givenRow[column] === text || start[column] === text)
  const gone = new Set(gave.filter(goes).map(({ id }) => whose.get(id)))
  const rows = rowsOf(values, table).filter((row) => !gone.has(row))
  const fresh = gives.filter(({ id }) => !whose.has(id))
  const kept = new Set(gives.map(({ id }) => whose.get(id)))
  const places = new Map([...whose, ...matched(rows.filter((row) => !kept.has(row)), fresh, by)])
  const old = rowsOf(carried, table)
  for (const { id, row } of gives) {
    const was = gave.find((former) => former.id === id)?.row
    fillRow(form, rows, table, { start, row: places.get(id), was: was ?? {}, is: row, old: old.find((last) => last[by] === row[by]) ?? {} })
  }
  return !rows.length && form.schema.required.includes(table) ? [emptyRow(form, table)] : rows
}

/** Into its row, or the first blank one, or a new one while the form allows more. */
function fillRow(form: Form, rows: Row[], table: string, { start, row, was, is, old }: { start: Row; row: Row | undefined; was: Row; is: Row; old: Row }): void {
  const found = row ? rows.indexOf(row) : rows.findIndex((blank) => says(blank).every(([column, text]) => start[column] === text))
  const at = found < 0 ? rows.length : found
  if (at >= (form.schema.properties[table]?.maxItems ?? Infinity)) return
  const now = rows[at] ?? emptyRow(form, table)
  const next = Object.entries(is).map(([column, text]) => [column, settled(now[column] ?? '', { was: was[column] ?? '', is: text, old: old[column] ?? '' })])
  rows[at] = { ...now, ...Object.fromEntries(next) }
}
