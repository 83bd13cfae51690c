import { Sheet, compute } from './computing'
import { shown } from './exact'
import { findingsOf } from './findings'
import { problemsOf } from './problems'
import { own } from './schema'
import type { Checked, Form, ObjectSchema, PropertySchema, Values } from './types'

/** What is wrong with the values, what follows from them, and what the rules say: the same as the server's
 * `qingyuan_standards.forms.check`, proven by the corpus. Blanks are the same as no value; a half-filled sheet is fine. */
export function check(form: Form, values: unknown): Checked {
  const written = isFields(values) ? fieldsWritten(form.schema, values) : flat(values)
  const problems = problemsOf(form, written)
  if (!isFields(written)) return { problems, computed: {}, findings: [] }
  const sheet = new Sheet(written)
  compute(form, sheet)
  return { problems, computed: computedOf(form, sheet), findings: findingsOf(form, sheet) }
}

const isFields = (value: unknown): value is Values => typeof value === 'object' && value !== null && !Array.isArray(value)
const isSpace = (value: unknown) => typeof value === 'string' && /^[ \t\r\n\u3000]*$/.test(value)

/** What was written in the fields of a sheet or a row, without blanks. */
function fieldsWritten(owner: ObjectSchema, values: Values): Values {
  const kept = Object.entries(values).map(([name, value]): [string, unknown] => [name, valueWritten(own(owner.properties, name), value)])
  return Object.fromEntries(kept.filter(([, value]) => value !== null))
}

/** Null for a blank. Blank rows at the end of a table go, others stay; a field the form does not have stays. */
function valueWritten(schema: PropertySchema | undefined, value: unknown): unknown {
  if (!schema) return '…'
  const { items } = schema
  if (!items || !Array.isArray(value)) return flat(value)
  const rows = value.map((row: unknown) => (isFields(row) ? fieldsWritten(items, row) : flat(row)))
  while (rows.length && isEmptyRow(rows[rows.length - 1])) rows.pop()
  return rows.length ? rows : null
}

function isEmptyRow(row: unknown): boolean {
  return row === null || (isFields(row) && Object.keys(row).length === 0)
}

/** A text, or what is refused because it is none; whatever that holds is not looked into. */
function flat(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? [] : {}
  return isSpace(value) ? null : (value ?? null)
}

/** The values as they are sent: without blank fields, and without the blank rows at the end of a table. */
export function filled(values: Values): Values {
  const kept = Object.entries(values).map(([name, value]): [string, unknown] => [name, Array.isArray(value) ? rowsFilled(value) : value])
  return Object.fromEntries(kept.filter(([, value]) => value !== null && value !== undefined && !isSpace(value) && !(Array.isArray(value) && value.length === 0)))
}

function rowsFilled(table: unknown[]): unknown[] {
  const rows = table.map((row) => (isFields(row) ? filled(row) : row))
  while (rows.length && isEmptyRow(rows[rows.length - 1])) rows.pop()
  return rows
}

function computedOf(form: Form, sheet: Sheet): Record<string, string> {
  const digits = new Map(form.computed.map((one) => [one.rows === undefined ? one.field : `${one.rows}.${one.field}`, one.digits]))
  const plain = (path: string) => path.split('.').filter((step) => !/^[0-9]+$/.test(step)).join('.')
  return Object.fromEntries([...sheet.exact].map(([path, value]) => [path, typeof value === 'string' ? value : shown(value, digits.get(plain(path))!)]))
}
