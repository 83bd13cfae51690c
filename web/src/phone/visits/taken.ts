/** What of a record sheet stands as the register has it: marked on the page, and stored with the sheet. Pure. */
import type { RegisterFields } from '../../api/types'
import { stillTaken, type Form, type Taken, type Values } from '../../sheets'
import type { Sheet } from '../types'
import { fieldFrom, matched, partOf, rowsFrom, rowsOf, says, textOf, type Known } from './register'

/** The paths whose value is what the register or the contract gives now. Days and times come from the visit, so they are not among them. */
export function takenFromRegister(of: RegisterFields | undefined, form: Form, values: Values, known: Known): Set<string> {
  const registered = Object.entries(of?.forms[form.form]?.fields ?? {}).filter(([, { source }]) => !source.startsWith('visit.'))
  const fields = of ? registered.map(([field]) => field).filter((field) => isAsGiven(of, form, field, values, known)) : []
  return new Set([...fields, ...[...takenByInstrument(of, form, values, known).values()].flat()])
}

function isAsGiven(of: RegisterFields, form: Form, field: string, values: Values, known: Known): boolean {
  const text = textOf(values[field])
  return text !== '' && text === fieldFrom(of, form, field, known)
}

/** The same of each chosen instrument alone; several may have given one field together. */
function takenByInstrument(of: RegisterFields | undefined, form: Form, values: Values, known: Known): Map<string, string[]> {
  const sources = of?.forms[form.form]
  const taken = new Map(known.instruments.map(({ id }): [string, string[]] => [id, []]))
  if (!of || !sources) return taken
  for (const [field, { source, factors }] of Object.entries(sources.fields)) {
    if (!source.startsWith('instrument.') || !isAsGiven(of, form, field, values, known)) continue
    const choices = form.schema.properties[field]?.enum
    const meant = known.instruments.filter(({ factor }) => !factors.length || factors.includes(factor ?? ''))
    for (const instrument of meant) if (partOf(of, instrument, source, choices)) taken.get(instrument.id)!.push(field)
  }
  for (const [table, { by }] of Object.entries(sources.rows)) {
    const rows = rowsOf(values, table)
    const given = rowsFrom(of, form, table, known)
    const whose = matched(rows, given, by)
    for (const { id, row } of given) {
      const its = whose.get(id)
      if (its) for (const [column, text] of says(row)) if (its[column] === text) taken.get(id)!.push(`${table}.${rows.indexOf(its)}.${column}`)
    }
  }
  return taken
}

/** A row is about one instrument; a field of the sheet may name several. */
const isInRow = (path: string): boolean => path.includes('.')

/** What is stored with the sheet: each of its instruments with the version that this phone has, and the values that it gave. */
export function takenBySheet(of: RegisterFields | undefined, form: Form, sheet: Sheet, known: Known): Taken[] {
  const fields = takenByInstrument(of, form, sheet.values, known)
  const here = known.instruments.flatMap(({ id, version }): Taken[] => (version ? [{ instrument_id: id, version, fields: fields.get(id) ?? [] }] : []))
  const elsewhere = stillTaken(sheet.adopted?.taken, sheet.adopted?.values ?? {}, sheet.values).filter(({ instrument_id: id }) => sheet.instruments.includes(id) && !known.instruments.some((instrument) => instrument.id === id))
  const given = new Set(here.flatMap((taken) => taken.fields.filter(isInRow)))
  return [...here, ...elsewhere.map((taken) => ({ ...taken, fields: taken.fields.filter((path) => !given.has(path)) }))]
}
