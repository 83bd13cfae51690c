/** Where a person has to go first on a sheet that is not complete. */
import type { Form, Problem } from '../../sheets'
import { isTable } from '../forms'

const AFTER_ALL = Number.MAX_SAFE_INTEGER

/** The first problem in the order of the page; `problems` are sorted by the names of their fields. */
export function firstOf(form: Form, problems: Problem[]): Problem | undefined {
  const parts = form.layout.flatMap((part): { name: string; columns: string[] }[] => (isTable(part) ? [{ name: part.table, columns: part.columns }] : part.fields.map((name) => ({ name, columns: [] }))))
  const placeOf = (problem: Problem): number[] => {
    const [name, row = '-1', column = ''] = problem.field.split('.')
    const at = parts.findIndex((part) => part.name === name)
    return at < 0 ? [AFTER_ALL] : [at, Number(row), parts[at]?.columns.indexOf(column) ?? -1]
  }
  return [...problems].sort((first, second) => compare(placeOf(first), placeOf(second)))[0]
}

function compare(first: number[], second: number[]): number {
  const at = first.findIndex((step, index) => step !== second[index])
  return at < 0 ? 0 : (first[at] ?? 0) - (second[at] ?? 0)
}

/** The field itself; the table it is in only where the field is not shown. The table stands before it on the page, so one query for both would find the table. */
export function elementOf(page: ParentNode, path: string): Element | null {
  const named = (name: string): Element | null => page.querySelector(`[data-field="${name}"]`)
  return named(path) ?? named(path.split('.')[0] ?? path)
}
