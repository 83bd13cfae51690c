/** What became different since the enterprise last spoke: a dispute or a signature, followed by a change of the content. */
import { labels } from '../../sheets'
import type { SheetRevision, Step, Visit } from '../../api/types'
import { formOf, isTable, shown, type Forms } from '../forms'
import { differences } from '../visits/merge'

export interface FieldChange { label: string; before: string; after: string }
export interface SheetChange { sheet: string; title: string; added: boolean; reason: string | null; fields: FieldChange[] }
export interface Changes { since: string; sheets: SheetChange[]; photos: number }

const CHANGING = new Set(['content_changed', 'renewed'])
const SPEAKING = new Set(['disputed', 'signed'])
const inOrder = (steps: readonly Step[]): Step[] => [...steps].sort((first, second) => Date.parse(first.at) - Date.parse(second.at))
const isBy = (at: string, end: string): boolean => Date.parse(at) <= Date.parse(end)

/** When the enterprise last disputed or signed what has changed since; null where nothing has. */
export function spokenBefore(steps: readonly Step[]): string | null {
  const all = inOrder(steps)
  const changed = all.findLastIndex(({ what }) => CHANGING.has(what))
  const spoken = all.slice(0, Math.max(changed, 0)).findLast(({ what }) => SPEAKING.has(what))
  return spoken?.at ?? null
}

function text(value: unknown): string {
  return Array.isArray(value) ? value.map((row) => Object.values(row as object).map(shown).join('，')).join('；') || '—' : shown(value)
}

function fieldsBetween(before: SheetRevision, after: SheetRevision, forms: Forms | null): FieldChange[] {
  const form = formOf(forms, after)
  const order = form?.layout.flatMap((part) => (isTable(part) ? [part.table] : part.fields)) ?? []
  const names = form ? labels(form) : {}
  return differences([before, after], order).map(({ field, sides }) => ({ label: names[field] ?? field, before: text(sides[0]), after: text(sides[1]) }))
}

function sheetChanges(visit: Visit, since: string, forms: Forms | null): SheetChange[] {
  return visit.sheets.flatMap(({ sheet_id, heads, revisions }) => {
    const before = [...revisions].sort((a, b) => Date.parse(a.received_at) - Date.parse(b.received_at)).findLast(({ received_at }) => isBy(received_at, since))
    return heads.filter(({ received_at }) => !isBy(received_at, since)).map((head) => ({
      sheet: sheet_id, title: formOf(forms, head)?.title ?? head.form, added: !before, reason: head.reason ?? null, fields: before ? fieldsBetween(before, head, forms) : [],
    }))
  })
}

/** Null where nothing has changed since the enterprise spoke. */
export function changesOf(visit: Visit, steps: readonly Step[], forms: Forms | null): Changes | null {
  const since = spokenBefore(steps)
  if (!since) return null
  return { since, sheets: sheetChanges(visit, since, forms), photos: visit.photos.filter(({ received_at }) => !isBy(received_at, since)).length }
}
