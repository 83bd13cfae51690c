/** What the phone need not keep: originals that the server has, and visits that are long over and whole on the server. */
import type { PhoneDatabase } from './database'
import { uploadId } from './files'

const KEPT_DAYS = 14
const DAY_MS = 86_400_000

export async function tidy(db: PhoneDatabase, today: string): Promise<void> {
  const before = new Date(Date.parse(today) - KEPT_DAYS * DAY_MS).toISOString().slice(0, 10)
  await db.transaction('rw', db.visits, db.sheets, db.photos, db.files, db.outbox, async () => {
    await dropOriginals(db)
    for (const visit of await db.visits.where('day').below(before).toArray()) await dropVisit(db, visit.id)
  })
}

/** The smaller copy stays to look at; the original has done its duty once its bytes and its command have arrived. */
async function dropOriginals(db: PhoneDatabase): Promise<void> {
  const done = new Map((await db.outbox.where('state').equals('done').toArray()).map((one) => [one.id, one]))
  const told = new Set([...done.values()].filter((one) => one.kind === 'command').map((one) => one.about))
  for (const { id, original, shown } of await db.photos.toArray()) {
    const arrived = told.has(id) && done.has(uploadId(original.sha256))
    if (arrived && shown && shown.sha256 !== original.sha256) await db.files.delete(original.sha256)
  }
}

async function dropVisit(db: PhoneDatabase, visit: string): Promise<void> {
  const mine = await db.outbox.where('visit').equals(visit).toArray()
  const drafts = await db.sheets.where('visit').equals(visit).filter((one) => one.state === 'draft').count()
  if (drafts || mine.some((one) => one.state !== 'done')) return
  await db.files.bulkDelete(mine.filter((one) => one.kind === 'upload').map((one) => one.id.slice('file:'.length)))
  for (const table of [db.outbox, db.sheets, db.photos]) await table.where('visit').equals(visit).delete()
  await db.visits.delete(visit)
}
