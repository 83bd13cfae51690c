import { Sheet, compute } from './computing'
import { shown } from './exact'
import { findingsOf } from './findings'
import { problemsOf } from './problems'
import type { Checked, Form, Values } from './types'

// A sheet's fields, a table, a row, a text: what lies deeper is refused whatever it holds, so it is not looked into.
const DEPTH = 4

/** What is wrong with the values, what follows from them, and what the rules say: the same as the server's
 * `qingyuan_standards.forms.check`, proven by the corpus. Blanks are the same as no value; a half-filled sheet is fine. */
export function check(form: Form, values: unknown): Checked {
  const written = filled(values)
  const problems = problemsOf(form, written)
  if (typeof written !== 'object' || written === null || Array.isArray(written)) return { problems, computed: {}, findings: [] }
  const sheet = new Sheet(written as Values)
  compute(form, sheet)
  return { problems, computed: computedOf(form, sheet), findings: findingsOf(form, sheet) }
}

/** The values without their blanks, as they are sent; blank rows at the end of a table go, others stay as empty rows. */
export function filled(values: unknown): unknown {
  return withoutBlanks(values, DEPTH)
}

function withoutBlanks(values: unknown, depth: number): unknown {
  if (depth === 0) return typeof values === 'object' && values !== null ? '…' : values
  if (Array.isArray(values)) {
    const rows: unknown[] = values.map((value) => withoutBlanks(value, depth - 1))
    while (rows.length && isEmptyRow(rows[rows.length - 1])) rows.pop()
    return rows
  }
  if (typeof values === 'object' && values !== null) {
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, withoutBlanks(value, depth - 1)]).filter(([, value]) => !isBlank(value)))
  }
  return typeof values === 'string' && /^[ \t\r\n\u3000]*$/.test(values) ? '' : values
}

function isEmptyRow(value: unknown): boolean {
  return value === null || value === '' || (typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0)
}

function isBlank(value: unknown): boolean {
  return isEmptyRow(value) || value === undefined || (Array.isArray(value) && value.length === 0)
}

function computedOf(form: Form, sheet: Sheet): Record<string, string> {
  const digits = new Map(form.computed.map((one) => [one.rows === undefined ? one.field : `${one.rows}.${one.field}`, one.digits]))
  const plain = (path: string) => path.split('.').filter((step) => !/^[0-9]+$/.test(step)).join('.')
  return Object.fromEntries([...sheet.exact].map(([path, value]) => [path, typeof value === 'string' ? value : shown(value, digits.get(plain(path))!)]))
}
