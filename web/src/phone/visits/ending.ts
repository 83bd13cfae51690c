/** Whether a visit may be signed out. What the phone lets through, the server accepts. Pure. */
import { lacking } from '../../sheets'
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
