/** Record sheets: a draft on every keystroke, a revision when it is done. */
import { filled, stillFilled } from '../../sheets'
import { now } from '../clock'
import type { PhoneDatabase } from '../database'
import { newUuid } from '../../api/key'
import { drop, enqueue, mend } from '../outbox/queue'
import type { Operation } from '../outbox/operation'
import type { Sheet, SheetRevision, Used, Values, Visit } from '../types'
import { same } from './merge'
import { commandOf } from './visit'

const DAY_SECONDS = 86_400

export interface Blank { form: string; form_version: number; title: string; content: string; values: Values; instruments: string[] }

export function blank(visit: Visit, start: Blank): Sheet {
  return { id: newUuid(), visit: visit.id, ...start, used: [], heads: [], state: 'draft', touched_at: now(), opened_at: now() }
}

export async function saveDraft(db: PhoneDatabase, sheet: Sheet): Promise<void> {
  await db.sheets.put(plain({ ...sheet, touched_at: now() }))
}

/** `by_group`: which answers one tap on a group gave (true), and which are not its any more (false). */
export type Change = Partial<Pick<Sheet, 'instruments' | 'used'>> & { values?: Values; by_group?: Record<string, boolean> }

/** The sheet with a change. Only the fields that were changed: what another window wrote meanwhile stays. */
export function changed(sheet: Sheet, { values, by_group, ...rest }: Change): Sheet {
  const marked = Object.entries(by_group ?? {})
  const kept = (sheet.filled_by_group ?? []).filter((name) => by_group?.[name] === undefined)
  const filled_by_group = [...kept, ...marked.filter(([, byGroup]) => byGroup).map(([name]) => name)]
  return { ...sheet, ...rest, values: { ...sheet.values, ...values }, ...((sheet.filled_by_group || filled_by_group.length) && { filled_by_group }), state: 'draft' }
}

/**
 * What was changed is on the phone when this resolves; the sheet as it stands there now. Only what was changed is
 * written: another window may have this sheet open too. A sheet that is changed again is a draft again.
 */
export async function changeDraft(db: PhoneDatabase, id: string, change: Change): Promise<Sheet | null> {
  return db.transaction('rw', db.sheets, async () => {
    const stored = await db.sheets.get(id)
    if (!stored) return null
    const opened_at = stored.state === 'done' ? now() : stored.opened_at
    const sheet = plain<Sheet>({ ...changed(stored, change), touched_at: now(), opened_at })
    await db.sheets.put(sheet)
    return sheet
  })
}

/** The next revision supersedes what was there; one that the server refused is mended in its place, since it was never recorded. */
export async function finish(db: PhoneDatabase, visit: Visit, written: Sheet, reason: string | null): Promise<string> {
  const sheet = plain(written)
  return db.transaction('rw', db.sheets, db.outbox, async () => {
    const parked = await parkedOf(db, sheet.id)
    const newest = parked.find((one) => sheet.heads.includes(revisionIn(one).revision_id))
    for (const older of parked) if (older !== newest) await drop(db, older)
    const revision = newest ? mended(newest, sheet, reason) : revisionOf(sheet, reason)
    if (newest) await mend(db, newest, { opening: visit.opening, sheet: revision })
    else await enqueue(db, commandOf(visit, 'sheets', sheet.title, { sheet: revision }, { about: sheet.id }))
    const { opened_at: _opened, ...rest } = sheet
    await db.sheets.put({ ...rest, ...(typeof revision.filled_seconds === 'number' && { filled_seconds: revision.filled_seconds }), heads: [revision.revision_id], state: 'done', touched_at: now() })
    return revision.revision_id
  })
}

export function revisionOf(sheet: Sheet, reason: string | null): SheetRevision {
  const { id: sheet_id, form, form_version, content, instruments, used, heads } = sheet
  const values = filled(sheet.values) as Values
  const byGroup = stillFilled(values, sheet.filled_by_group)
  const claimed_at = now()
  const taken = sheet.taken ?? []
  const seconds = filledSeconds(sheet, claimed_at)
  return {
    sheet_id, revision_id: newUuid(), supersedes: heads, form, form_version, content, instruments, values, used: used.filter((part) => part.name.trim()), claimed_at, reason,
    ...(byGroup.length && { filled_by_group: byGroup }), ...(taken.length && { taken }), ...(seconds !== null && { filled_seconds: seconds }),
  }
}

/** By this phone's clock, together with how long it took before. Unknown where the clock was moved, or the draft lay there for more than a day. */
function filledSeconds({ opened_at, filled_seconds }: Sheet, at: string): number | null {
  if (!opened_at) return filled_seconds ?? null
  const since = Math.round((Date.parse(at) - Date.parse(opened_at)) / 1000)
  const total = since + (filled_seconds ?? 0)
  return since >= 0 && total <= DAY_SECONDS ? total : null
}

const revisionIn = (one: Operation): SheetRevision => (one.body as { sheet: SheetRevision }).sheet

function mended(refused: Operation, sheet: Sheet, reason: string | null): SheetRevision {
  const { revision_id, supersedes } = revisionIn(refused)
  return { ...revisionOf(sheet, reason), revision_id, supersedes }
}

const parkedOf = (db: PhoneDatabase, sheet: string): Promise<Operation[]> =>
  db.outbox.where('state').equals('parked').filter((one) => one.about === sheet && one.kind === 'command').toArray()

/** A sheet that the server holds, opened again on this phone. Of several states, what was used counts from all of them. */
export function sheetOf(visit: string, heads: SheetRevision[], title: string): Sheet {
  const newest = heads[heads.length - 1] as SheetRevision
  return {
    id: newest.sheet_id, visit, form: newest.form, form_version: newest.form_version, title, content: newest.content,
    instruments: [...new Set(heads.flatMap((head) => head.instruments ?? []))], values: { ...newest.values }, used: distinct(heads.flatMap((head) => head.used ?? [])),
    filled_by_group: [...new Set(heads.flatMap((head) => stillFilled(newest.values, head.filled_by_group)))],
    adopted: { values: { ...newest.values }, taken: [...(newest.taken ?? [])] }, opened_at: now(), ...(typeof newest.filled_seconds === 'number' && { filled_seconds: newest.filled_seconds }),
    heads: heads.map((one) => one.revision_id), state: 'draft', touched_at: now(),
  }
}

const distinct = (all: Used[]): Used[] => all.filter((one, index) => all.findIndex((other) => same(one, other)) === index)

/** What a page holds watches itself; a database takes only what is plain. */
const plain = <T>(watched: T): T => JSON.parse(JSON.stringify(watched)) as T

/** A draft that was never finished is nobody's record; its photographs stay with the visit. */
export async function discard(db: PhoneDatabase, sheet: Sheet): Promise<void> {
  await db.sheets.where('id').equals(sheet.id).filter((one) => one.heads.length === 0).delete()
}
