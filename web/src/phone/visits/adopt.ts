/** Work on a visit that the server holds and this phone may not: a correction, the settling of a conflict, or going on with another phone. */
import type { PhoneDatabase } from '../database'
import type { Sheet, Task, Values, Visit, VisitSeen, VisitSheet } from '../types'
import { sheetOf } from './sheets'

/** Takes the sheet's newest state onto the phone as a draft. What this phone has of the visit stays as it is. */
export async function adopt(db: PhoneDatabase, seen: VisitSeen, sheet: VisitSheet, title: string, values?: Values): Promise<Sheet> {
  const draft = sheetOf(seen.id, sheet.heads, title)
  if (values) draft.values = values
  await db.transaction('rw', db.visits, db.sheets, db.tasks, async () => {
    if (!(await db.visits.get(seen.id))) await db.visits.add(visitOf(seen, (await db.tasks.get(seen.point_id))?.task))
    await db.sheets.put(draft)
  })
  return draft
}

/** An unfinished visit goes on with this phone. What it knows of the visit already is newer than what the server says. */
export async function goOnHere(db: PhoneDatabase, seen: VisitSeen, titleOf: (sheet: VisitSheet) => string): Promise<void> {
  const sheets = seen.sheets.map((sheet): Sheet => ({ ...sheetOf(seen.id, sheet.heads, titleOf(sheet)), state: 'done', opened_at: undefined }))
  const photos = seen.photos.map(({ photo_id, of, original, shown, taken_at }) => ({ id: photo_id, visit: seen.id, of, original, shown: shown ?? null, taken_at }))
  await db.transaction('rw', db.visits, db.sheets, db.photos, db.tasks, async () => {
    if (await db.visits.get(seen.id)) return
    await db.visits.add(visitOf(seen, (await db.tasks.get(seen.point_id))?.task))
    await db.sheets.bulkPut(sheets)
    await db.photos.bulkPut(photos)
  })
}

function visitOf(seen: VisitSeen, task: Task | undefined): Visit {
  const { contract_id, cycles, claimed_at } = seen.opened ?? { contract_id: null, cycles: [], claimed_at: seen.sign_in_at ?? new Date().toISOString() }
  return {
    id: seen.id, day: seen.day, contents: seen.contents, opening: { point_id: seen.point_id, contract_id, cycles, claimed_at },
    task: task ?? {
      point: { id: seen.point_id, code: '', name: seen.point_name, medium: seen.medium, location: null, outlet_id: '' },
      enterprise: { id: '', name: seen.enterprise_name, address: '' }, contract_id, operator_name: seen.operator_name, instruments: [], work: [], last: {},
    },
    sign_in: seen.sign_in_at ? { claimed_at: seen.sign_in_at, companions: [], fix: null } : null,
    sign_out: seen.sign_out_at ? { claimed_at: seen.sign_out_at, sheets: [], photos: [] } : null,
    obstruction: seen.obstruction ? { what: seen.obstruction.what, claimed_at: seen.obstruction.claimed_at } : null, backfill: null, abort: null,
  }
}
