/** Two states of one sheet that neither supersedes: what is the same, what differs, and what a person makes of it. */
import type { SheetRevision, Values } from '../types'

export interface Difference { field: string; sides: unknown[] }

const canonical = (value: unknown): string => {
  if (value === null || value === undefined || value === '') return 'null'
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (typeof value !== 'object') return JSON.stringify(value)
  return JSON.stringify(Object.entries(value).map(([key, one]) => [key, canonical(one)]).sort())
}

export const same = (one: unknown, other: unknown): boolean => canonical(one) === canonical(other)

/** Fields in which the heads part, in the order of the form. */
export function differences(heads: SheetRevision[], order: string[]): Difference[] {
  const named = new Set([...order, ...heads.flatMap((head) => Object.keys(head.values))])
  return [...named]
    .map((field) => ({ field, sides: heads.map((head) => head.values[field]) }))
    .filter(({ sides }) => sides.some((side) => !same(side, sides[0])))
}

/** What all agree on, and of each differing field the side that was picked. */
export function settled(heads: SheetRevision[], picked: Record<string, number>): Values {
  const result: Values = {}
  for (const field of new Set(heads.flatMap((head) => Object.keys(head.values)))) {
    const value = heads[picked[field] ?? 0]?.values[field]
    if (value !== undefined) result[field] = value
  }
  return result
}
