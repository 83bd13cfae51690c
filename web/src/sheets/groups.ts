/** Groups of a patrol that were filled with one tap: which of their answers still say so, and how it is written. */
import type { Form, Values } from './types'

export const NORMAL = '正常'

/** The fields that a tap filled and that still have its answer. */
export const stillFilled = (values: Values, filled: readonly string[] | null | undefined): string[] => (filled ?? []).filter((name) => values[name] === NORMAL)

/** Each group with the number of its fields that were filled, in the form's order. The same as `filled_groups` in services/views/src/views/printing/sheets.py. */
export function filledGroups(form: Form, filled: readonly string[] | null | undefined): string {
  const counted = form.layout.map((part) => ('group' in part ? { title: part.group, count: part.fields.filter((name) => filled?.includes(name)).length } : { title: '', count: 0 }))
  return counted.filter(({ count }) => count).map(({ title, count }) => `${title} ${count} 项`).join('、')
}
