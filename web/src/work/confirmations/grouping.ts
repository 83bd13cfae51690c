import type { ConfirmationRow } from '../../api/types'

export interface Groups {
  /** To be signed before the day ends, the one that is due first on top. */
  due: ConfirmationRow[]
  /** The operator has answered: sign, or ask the district to look at it. */
  answered: ConfirmationRow[]
  /** The day went by; can still be signed, as late. */
  overdue: ConfirmationRow[]
  /** Waiting for others: the operator's answer, the regulator. */
  waiting: ConfirmationRow[]
}

/** Those that can be signed now; `lacking` are known to lack an original, unless the list says since that it has come. */
export const signableNow = (rows: readonly ConfirmationRow[], lacking: ReadonlySet<string>): ConfirmationRow[] => rows.filter((row) => row.originals_at || !lacking.has(row.id))

/** What an enterprise has to do. A deadline that passed while the page stood open counts at once, not when the server says so. */
export function grouped(rows: readonly ConfirmationRow[], now: number): Groups {
  const open = rows.filter((row) => row.state === 'requested' || row.state === 'opened')
  const inTime = (row: ConfirmationRow) => now < Date.parse(row.due_at)
  const byDue = (a: ConfirmationRow, b: ConfirmationRow) => a.due_at.localeCompare(b.due_at) || a.id.localeCompare(b.id)
  return {
    due: open.filter(inTime).sort(byDue),
    answered: rows.filter((row) => row.state === 'answered').sort(byDue),
    overdue: [...open.filter((row) => !inTime(row)), ...rows.filter((row) => row.state === 'lapsed')].sort(byDue),
    waiting: rows.filter((row) => row.state === 'disputed' || row.state === 'escalated').sort(byDue),
  }
}
