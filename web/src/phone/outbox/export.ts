import type { PhoneDatabase } from '../database'
import { fileOf } from '../files'
import type { FileKept, Sheet, Visit } from '../types'
import type { Operation } from './operation'
import { enqueue } from './queue'

const SLICE = 0x8000

interface FileEncoded { sha256: string; media_type: string; name: string; base64: string }

/** Everything that the server does not have, in one file: for the day when the phone cannot send any more, or for a colleague. */
export interface Export { format: 'qingyuan-unsent'; version: 1; account: string; made_at: string; holds: string; operations: Operation[]; visits: Visit[]; sheets: Sheet[]; files: FileEncoded[] }

/** Of all visits, or of one. */
export async function exported(db: PhoneDatabase, made_at: string, visit?: string): Promise<Export> {
  const all = await db.outbox.where('state').anyOf('waiting', 'parked', 'dropped').toArray()
  const operations = visit ? all.filter((one) => one.visit === visit) : all
  const visits = await db.visits.bulkGet([...new Set(operations.map((one) => one.visit))])
  const drafts = await db.sheets.where('visit').anyOf(visits.flatMap((one) => (one ? [one.id] : []))).toArray()
  const wanted = operations.filter((one) => one.kind === 'upload').map((one) => one.id.slice('file:'.length))
  const files = (await db.files.bulkGet(wanted)).flatMap((one) => (one ? [one] : []))
  return {
    format: 'qingyuan-unsent', version: 1, account: db.account, made_at, holds: holds(operations.length - files.length, files),
    operations, visits: visits.flatMap((one) => (one ? [one] : [])), sheets: drafts, files: files.map(encoded),
  }
}

/** In words, what is in it. */
export function holds(commands: number, files: FileKept[]): string {
  const bytes = files.reduce((sum, one) => sum + one.bytes.byteLength, 0)
  return `${commands} 项记录，${files.length} 个文件，共 ${(bytes / 1_048_576).toFixed(1)} MB`
}

function encoded({ bytes, ...about }: FileKept): FileEncoded {
  const all = new Uint8Array(bytes)
  let text = ''
  for (let at = 0; at < all.length; at += SLICE) text += String.fromCharCode(...all.subarray(at, at + SLICE))
  return { ...about, base64: btoa(text) }
}

/** Not a file that a phone of ours has made, or one that was damaged on its way. */
export class NotOurs extends Error {
  constructor() {
    super('这不是清源手机端导出的文件，或文件已损坏。')
  }
}

/**
 * Takes over what a colleague's phone could not send: it is sent from here, under this account. Nothing that is here is
 * overwritten, and taking the same file twice changes nothing. The number of items taken.
 */
export async function takenOver(db: PhoneDatabase, text: string): Promise<number> {
  const given = parsed(text)
  const files = await Promise.all(given.files.map(decoded))
  return db.transaction('rw', db.outbox, db.visits, db.sheets, db.files, async () => {
    for (const visit of given.visits) if (!(await db.visits.get(visit.id))) await db.visits.add(visit)
    for (const sheet of given.sheets) if (!(await db.sheets.get(sheet.id))) await db.sheets.add(sheet)
    await db.files.bulkPut(files)
    const wanted = given.operations.filter((one) => one.state !== 'dropped')
    const inside = new Set(wanted.map((one) => one.id))
    const before = await db.outbox.count()
    for (const { seq: _, ...one } of wanted) {
      const needs = one.needs.filter((id) => inside.has(id))
      await enqueue(db, { ...one, needs, state: 'waiting', refusal: null, attempts: 0, not_before: 0, upload_url: null, sent_bytes: 0 })
    }
    return (await db.outbox.count()) - before
  })
}

function parsed(text: string): Export {
  try {
    const found = JSON.parse(text) as Export
    const lists = [found.operations, found.visits, found.sheets, found.files]
    if (found.format === 'qingyuan-unsent' && found.version === 1 && lists.every(Array.isArray)) return found
  } catch {
    // told below
  }
  throw new NotOurs()
}

/** The bytes, if they are what their name says: a damaged photograph is noticed here, not in court. */
async function decoded({ base64, ...about }: FileEncoded): Promise<FileKept> {
  const text = atob(base64)
  const kept = await fileOf(new Blob([Uint8Array.from(text, (one) => one.charCodeAt(0))], { type: about.media_type }), about.name)
  if (kept.sha256 !== about.sha256) throw new NotOurs()
  return kept
}
