import type { Options, Particulars } from '../api/types'
import { fieldsOf, shown } from './model'
import type { Group } from './fields'

export type Side = 'theirs' | 'mine'

/** One field that is not the same everywhere: what it was, what the other made of it, what I wrote. */
export interface Divergence {
  field: string
  label: string
  base: string
  theirs: string
  mine: string
  changedBy: Side | 'both'
}

interface Three {
  base: Particulars
  theirs: Particulars
  mine: Particulars
}

/** Field by field where three versions part, in the form's order and words. */
export function divergences(groups: Group[], three: Three, options: Options | null): Divergence[] {
  return fieldsOf(groups)
    .filter((field) => !same(three.theirs[field.key], three.mine[field.key]))
    .map((field) => ({
      field: field.key,
      label: field.label,
      base: shown(field, three.base[field.key], options),
      theirs: shown(field, three.theirs[field.key], options),
      mine: shown(field, three.mine[field.key], options),
      changedBy: changedBy(three.base[field.key], three.theirs[field.key], three.mine[field.key]),
    }))
}

function changedBy(base: unknown, theirs: unknown, mine: unknown): Divergence['changedBy'] {
  if (same(base, mine)) return 'theirs'
  return same(base, theirs) ? 'mine' : 'both'
}

/** What is proposed: each keeps the fields that only they touched. Where both did, nothing is: the person has to say. */
export function proposed(found: Divergence[]): Record<string, Side> {
  return Object.fromEntries(found.flatMap((one) => (one.changedBy === 'both' ? [] : [[one.field, one.changedBy]])))
}

/** My version with every field replaced that was given to the other. */
export function merged(theirs: Particulars, mine: Particulars, picked: Record<string, Side>): Particulars {
  const result: Particulars = { ...mine }
  for (const [field, side] of Object.entries(picked)) {
    if (side === 'mine') continue
    if (theirs[field] === undefined || theirs[field] === null) delete result[field]
    else result[field] = theirs[field]
  }
  return result
}

/** The same to a reader: the order in which a place's parts arrive says nothing. */
function same(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other)
}

function canonical(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'null'
  if (typeof value !== 'object' || Array.isArray(value)) return JSON.stringify(value)
  return JSON.stringify(Object.entries(value).sort(([a], [b]) => a.localeCompare(b)))
}
