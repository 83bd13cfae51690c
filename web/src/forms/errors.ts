import { watch, type Ref } from 'vue'
import { Problem } from '../api/problem'

/** Sentences of refused fields, by the field's name; a name such as `location.longitude` or `items.0.rule` is one of its parts. */
export type Errors = Record<string, string>

const isOf = (name: string, field: string): boolean => name === field || name.startsWith(`${field}.`)

/** Everything that is said of one field and of its parts, once each; nothing where nothing is. */
export function saidOf(errors: Errors, field: string): string {
  return [...new Set(Object.entries(errors).filter(([name]) => isOf(name, field)).map(([, sentence]) => sentence))].join('')
}

/** The inputs of a place, as its form labels them. */
export const PLACE = { longitude: '经度', latitude: '纬度', datum: '坐标系' }

/** The same for a field of several inputs: a sentence alone would not say which of them it means. */
export function saidOfParts(errors: Errors, field: string, parts: Record<string, string>): string {
  const said = Object.entries(parts).map(([part, title]) => ({ title, sentence: saidOf(errors, `${field}.${part}`) }))
  return (errors[field] ?? '') + said.filter(({ sentence }) => sentence).map(({ title, sentence }) => `${title}：${sentence}`).join('')
}

/** What is said of fields that this form does not show: it has to stand where everybody sees it. */
export function unplaced(errors: Errors, fields: string[]): string[] {
  return Object.entries(errors).filter(([name]) => !fields.some((field) => isOf(name, field))).map(([, sentence]) => sentence)
}

/** Drops what was said of a field, or of its parts, as soon as it is touched. */
export function dropTouched(errors: Errors, now: Record<string, unknown>, before: Record<string, unknown>): void {
  const touched = Object.keys(now).filter((field) => now[field] !== before[field])
  for (const name of Object.keys(errors)) if (touched.some((field) => isOf(name, field))) delete errors[name]
}

/** A refusal without what it says of fields that were touched since; nothing where nothing is left of it. */
function without(refused: Problem, touched: string[]): Problem | null {
  const left = refused.errors.filter(({ field }) => !touched.some((name) => isOf(field, name)))
  return left.length ? new Problem(refused.status, refused.code, refused.title, left, refused.traceId, refused.details) : null
}

/** For a form that keeps its refusal whole: the red text of a field goes with its first change, what is said of the whole with any.
 *  `names`: fields that the server calls otherwise. `differ`: that two passwords differ. */
export function goesWhenTouched(values: Record<string, string>, refused: Ref<Problem | null>, differ?: Ref<string>, names: Record<string, string> = {}): void {
  watch(() => ({ ...values }), (now, before) => {
    const touched = Object.keys(now).filter((field) => now[field] !== before[field])
    if (refused.value) refused.value = without(refused.value, touched.map((field) => names[field] ?? field))
    if (differ) differ.value = ''
  })
}
