import { check, filled, outside, stillFilled, stillTaken, withWork, type Checked, type Circumstances, type Form } from '../../sheets'
import { localTime } from '../../days'
import type { SheetRevision, Values, Visit, WorkRules } from '../../api/types'

type Presence = Pick<Visit, 'sign_in' | 'sign_out' | 'backfill'>

/** Of a back-fill those that a person stated, for its sign-in and sign-out were made elsewhere. */
const timesOf = ({ sign_in, sign_out, backfill }: Presence): [string | null, string | null] =>
  backfill ? [backfill.arrived_at ?? null, backfill.left_at ?? null] : [sign_in?.claimed_at ?? null, sign_out?.claimed_at ?? null]

/** What a new row of a corrected sheet starts from, as it did on the phone. */
export function circumstancesOf(visit: Presence & Pick<Visit, 'point_name' | 'medium' | 'operator_name' | 'day'>): Circumstances {
  const [arrived] = timesOf(visit)
  const arrived_at = arrived && localTime(arrived)
  return { point: { name: visit.point_name, medium: visit.medium }, operator: visit.operator_name, day: arrived_at?.slice(0, 10) ?? visit.day, arrived_at }
}

/** The checks of the phone and the server: of the form, of the sheet as work, and of its times beside the visit. */
export function checkedCorrection(rules: WorkRules | undefined, form: Form, visit: Presence, content: string, values: Values): Checked {
  const checked = withWork(check(form, values), rules, form, content, values)
  return { ...checked, findings: [...checked.findings, ...outside(rules, form, values, ...timesOf(visit))] }
}

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

