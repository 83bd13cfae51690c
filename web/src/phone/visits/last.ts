/** What the last sheet of a form says, where a sheet is about one factor: the last one about this factor. Pure. */
import { carryOver, type Form, type Values } from '../../sheets'
import type { RegisterFields } from '../../api/types'
import type { Task } from '../types'
import { same } from './merge'
import { matched, rowsOf, textOf } from './register'

type Lasts = Pick<Task, 'last'> & Partial<Pick<Task, 'last_of_factor'>>

/** Of a factor that was never recorded, the last sheet about another one, without what is only true of that one's work: the day it was done. */
export function lastOf(task: Lasts, form: Form, factor: unknown): Values | undefined {
  const last = task.last[form.form] as Values | undefined
  const wanted = form.schema.properties.factor ? textOf(factor) : ''
  if (!wanted || !last || last.factor === wanted) return last
  const own = task.last_of_factor?.[form.form]?.[wanted] as Values | undefined
  if (own) return own
  const only = form.defaults_from_last.flatMap((entry) => (typeof entry === 'string' ? [] : [entry.from]))
  return Object.fromEntries(Object.entries(last).filter(([name]) => !only.includes(name)))
}

/** The fields that change when the sheet is about another factor from now on: those that still stand as the last sheet about the former one gave them. */
export function changedByFactor(task: Lasts, form: Form, values: Values, factor: string): Values {
  if (!form.schema.properties.factor || !factor || values.factor === factor) return {}
  const [before, after] = [carryOver(form, lastOf(task, form, values.factor)), carryOver(form, lastOf(task, form, factor))]
  const names = form.defaults_from_last.map((entry) => (typeof entry === 'string' ? entry : entry.field)).filter((name) => name !== 'factor' && !name.includes('.'))
  return Object.fromEntries(names.filter((name) => same(values[name], before[name]) && !same(before[name], after[name])).map((name) => [name, after[name]]))
}

type Row = Record<string, string>

/** What a row is about where the register gives the table no rows; of a table without such a column the rows go by their number. */
const NAMING = ['factor', 'instrument', 'name', 'item']

/**
 * For each row of a table the one of the last sheet that is about the same factor or instrument, wherever it stood there;
 * of several, the one that agrees most in what the register gives.
 */
export function lastRows(of: RegisterFields | undefined, form: Form, table: string, rows: Row[], last: Values): (Row | undefined)[] {
  const old = rowsOf(last, table)
  const columns = form.schema.properties[table]?.items?.properties ?? {}
  const source = of?.forms[form.form]?.rows[table]
  const by = source?.by ?? NAMING.find((column) => columns[column])
  if (!by) return rows.map((_, index) => old[index])
  const given = Object.keys(source?.columns ?? { [by]: '' })
  const about = rows.flatMap((row, index) => (row[by] ? [{ id: String(index), row: Object.fromEntries(given.map((column) => [column, row[column] ?? ''])) }] : []))
  const found = matched(old, about, by)
  return rows.map((_, index) => found.get(String(index)))
}
