/** What a technician does in a visit. Each writes what happened and what is to be sent in one transaction, before anything says 已保存. */
import { newKey, newUuid } from '../../api/key'
import { today } from '../../days'
import { now } from '../clock'
import type { PhoneDatabase } from '../database'
import { fileOf, keepFile, refOf, shrunk, uploadId } from '../files'
import type { New, Operation } from '../outbox/operation'
import { enqueue, mend } from '../outbox/queue'
import { usedDevices } from './devices'
import { instantOf, refusedBackfill, type RealTimes } from './backfilling'
import type { BackfillClass, FileRef, Fix, PhotoKept, Task, Visit, Work } from '../types'

const pathOf = (visit: Visit, what: string): string => `/tasks/visits/${visit.id}/${what}`

/** Every command of a visit carries the same opening: whichever arrives first opens it. */
export function commandOf(visit: Visit, what: string, label: string, body: object, more: Partial<New> = {}): New {
  return { id: newKey(), kind: 'command', visit: visit.id, label, path: pathOf(visit, what), body: { opening: visit.opening, ...body }, ...more }
}

/** Nothing is sent yet: a visit exists for the server with the first thing that happens in it. */
export async function begin(db: PhoneDatabase, task: Task, chosen: Work[]): Promise<Visit> {
  const visit: Visit = {
    id: newUuid(), day: today(), task, contents: [...new Set(chosen.map((one) => one.content))],
    opening: {
      point_id: task.point.id, contract_id: task.contract_id, claimed_at: now(),
      cycles: chosen.map(({ plan_id, item, number }) => ({ plan_id, item, number })),
    },
    sign_in: null, obstruction: null, backfill: null, abort: null, sign_out: null,
  }
  await db.visits.add(visit)
  return visit
}

/** A visit in which nothing has happened is no visit. */
export async function forget(db: PhoneDatabase, visit: Visit): Promise<void> {
  await db.transaction('rw', db.visits, db.sheets, db.outbox, async () => {
    const said = (await db.outbox.where('visit').equals(visit.id).count()) + (await db.sheets.where('visit').equals(visit.id).count())
    if (!said) await db.visits.delete(visit.id)
  })
}

const happened = (db: PhoneDatabase, visit: Visit, change: Partial<Visit>, op: New): Promise<void> =>
  db.transaction('rw', db.visits, db.outbox, async () => {
    await db.visits.update(visit.id, change)
    await enqueue(db, op)
  })

export function signIn(db: PhoneDatabase, visit: Visit, companions: string[], fix: Fix | null): Promise<void> {
  const sign_in = { claimed_at: now(), companions, fix }
  return happened(db, visit, { sign_in }, commandOf(visit, 'sign-in', '签到', { sign_in }))
}

export function obstructed(db: PhoneDatabase, visit: Visit, what: string): Promise<void> {
  const obstruction = { what, claimed_at: now() }
  return happened(db, visit, { obstruction }, commandOf(visit, 'obstruction', '阻挠报告', obstruction))
}

/** One that the server refused is mended in its place, since it was never recorded. */
export async function backfill(db: PhoneDatabase, visit: Visit, reason_class: BackfillClass, explanation: string, times: RealTimes): Promise<void> {
  const said = { reason_class, explanation, claimed_at: now(), arrived_at: instantOf(times.arrived_at), left_at: instantOf(times.left_at) }
  const op = commandOf(visit, 'backfill', '补录说明', said)
  const refused = refusedBackfill(await db.outbox.where('visit').equals(visit.id).toArray())
  if (!refused) return happened(db, visit, { backfill: said }, op)
  await db.transaction('rw', db.visits, db.outbox, async () => {
    await db.visits.update(visit.id, { backfill: said })
    await mend(db, refused, op.body)
  })
}

export function abort(db: PhoneDatabase, visit: Visit, reason: string): Promise<void> {
  const said = { reason, claimed_at: now() }
  return happened(db, visit, { abort: said }, commandOf(visit, 'abort', '中止运维', said))
}

/** The camera's own file is hashed and kept before a smaller copy is made. `again` takes the place of a photo that was refused. */
export async function photograph(db: PhoneDatabase, visit: Visit, of: string, taken: File, fix: Fix | null, again?: PhotoKept): Promise<PhotoKept> {
  const label = PHOTO_LABELS[of] ?? '记录单照片'
  const original = await fileOf(taken, taken.name || 'photo.jpg')
  const small = await shrunk(taken)
  const shown = small && (await fileOf(small, 'shown.jpg'))
  const photo: PhotoKept = {
    id: again?.id ?? newUuid(), visit: visit.id, of, original: refOf(original), shown: shown && refOf(shown), taken_at: now(),
  }
  await db.transaction('rw', db.files, db.photos, db.outbox, async () => {
    const files = [await keepFile(db, original, visit.id, `${label}（原图）`, photo.id)]
    if (shown) files.push(await keepFile(db, shown, visit.id, `${label}（缩小图）`, photo.id))
    await db.photos.put(photo)
    await enqueue(db, ...files)
    const { id: photo_id, visit: _, ...rest } = photo
    const body = { photo: { photo_id, ...rest, fix } }
    if (again) await replaced(db, visit, photo.id, body, files)
    else await enqueue(db, commandOf(visit, 'photos', label, body, { about: photo.id, needs: files.map((file) => file.id) }))
  })
  return photo
}

async function replaced(db: PhoneDatabase, visit: Visit, about: string, body: object, files: New[]): Promise<void> {
  const mine = await db.outbox.where('visit').equals(visit.id).filter((one) => one.about === about).toArray()
  const kept = new Set(files.map((file) => file.id))
  for (const one of mine) {
    if (one.kind === 'upload' && one.state === 'parked' && !kept.has(one.id)) await db.outbox.update(one.seq as number, { state: 'dropped' })
    if (one.kind === 'command') await mend(db, { ...one, needs: [] }, { opening: visit.opening, ...body })
    if (one.kind === 'command') await db.outbox.update(one.seq as number, { needs: [...kept] })
  }
}

const PHOTO_LABELS: Record<string, string> = { sign_in: '签到照片', sign_out: '签退照片', obstruction: '阻挠照片' }

/** The technician's word that the work is done. It waits for nothing: what it names may arrive after it. */
export async function signOut(db: PhoneDatabase, visit: Visit, fix: Fix | null, sheets: string[], signature: { image: Blob; strokes: Blob }): Promise<void> {
  const [image, strokes] = [await fileOf(signature.image, 'signature.png'), await fileOf(signature.strokes, 'signature.json')]
  const claimed_at = now()
  await db.transaction('rw', db.files, db.photos, db.visits, db.outbox, async () => {
    const photos = (await db.photos.where('visit').equals(visit.id).primaryKeys()) as string[]
    const files = [await keepFile(db, image, visit.id, '签名', visit.id), await keepFile(db, strokes, visit.id, '签名笔迹', visit.id)]
    const drawn: { image: FileRef; strokes: FileRef } = { image: refOf(image), strokes: refOf(strokes) }
    const devices = usedDevices((await db.visits.get(visit.id)) ?? visit)
    await db.visits.update(visit.id, { sign_out: { claimed_at, sheets, photos } })
    await enqueue(db, ...files, commandOf(visit, 'sign-out', '签退', { sign_out: { claimed_at, fix, sheets, photos, signature: drawn, devices } }, { about: visit.id }))
  })
}

/** Whether nothing of a photograph is left to be sent: its bytes and its command were acknowledged, here or by another phone. */
export const arrived = (photo: PhotoKept, pending: Operation[]): boolean => {
  const files = [photo.original, photo.shown].flatMap((ref) => (ref ? [uploadId(ref.sha256)] : []))
  return !pending.some((one) => one.about === photo.id || files.includes(one.id))
}
