/** Whether a visit may be signed out. What the phone lets through, the server accepts. Pure. */
import { lacking, outside } from '../../sheets'
import { formOf, type Forms } from '../forms'
import type { Sheet, Visit } from '../types'

export interface Ending {
  /** Sheets that were finished before this was asked for, and show no work. */
  empty: Sheet[]
  /** There is no sheet at all: `refused`, or `marked` where the enterprise kept the technician from the work. */
  nothing: 'refused' | 'marked' | null
}

export function endingOf(visit: Pick<Visit, 'obstruction'>, sheets: Sheet[], forms: Forms | null): Ending {
  const finished = sheets.filter((sheet) => sheet.heads.length)
  const nothing = finished.length ? null : visit.obstruction ? 'marked' : 'refused'
  return { empty: finished.filter((sheet) => isEmpty(sheet, forms)), nothing }
}

function isEmpty(sheet: Sheet, forms: Forms | null): boolean {
  const form = formOf(forms, sheet)
  return form !== null && lacking(forms?.work_rules, form, sheet.content, sheet.values).length > 0
}

/** What is said of the sheets' times where the visit ends at `left_at`. It stops nobody. */
export function timesOutside(visit: Pick<Visit, 'sign_in' | 'backfill'>, sheets: Sheet[], forms: Forms | null, left_at: string): { sheet: Sheet; sentence: string }[] {
  const { backfill } = visit
  const [arrived, left] = backfill ? [backfill.arrived_at ?? null, backfill.left_at ?? null] : [visit.sign_in?.claimed_at ?? null, left_at]
  return sheets.filter((sheet) => sheet.heads.length).flatMap((sheet) => {
    const form = formOf(forms, sheet)
    return form ? outside(forms?.work_rules, form, sheet.values, arrived, left).map(({ sentence }) => ({ sheet, sentence })) : []
  })
}
