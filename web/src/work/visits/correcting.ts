import { filled, stillFilled, stillTaken } from '../../sheets'
import type { SheetRevision, Values, Visit } from '../../api/types'

/** The opening that every command about a visit carries, as the visit was opened; `now` where nothing says when. */
export function openingOf(visit: Visit, now: string) {
  return {
    point_id: visit.point_id, contract_id: visit.opened?.contract_id ?? null, cycles: visit.opened?.cycles ?? [],
    claimed_at: visit.opened?.claimed_at ?? visit.sign_in_at ?? now,
  }
}

/** The revision that comes after all that stand of this sheet. Its id is chosen once, so that a retry is the same revision. */
export function correctionOf(visit: Visit, sheet: SheetRevision, values: Values, reason: string, revisionId: string, claimedAt: string) {
  const standing = visit.sheets.find((one) => one.sheet_id === sheet.sheet_id)?.heads ?? [sheet]
  return {
    opening: openingOf(visit, claimedAt),
    sheet: {
      sheet_id: sheet.sheet_id, revision_id: revisionId, supersedes: standing.map((one) => one.revision_id), form: sheet.form, form_version: sheet.form_version,
      content: sheet.content, instruments: sheet.instruments ?? [], values: filled(values), used: sheet.used ?? [], claimed_at: claimedAt, reason,
      filled_by_group: stillFilled(values, sheet.filled_by_group), taken: stillTaken(sheet.taken, sheet.values, filled(values)), filled_seconds: sheet.filled_seconds ?? null,
    },
  }
}

