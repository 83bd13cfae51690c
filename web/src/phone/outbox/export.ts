import type { PhoneDatabase } from '../database'
import type { FileKept } from '../types'

const SLICE = 0x8000

/** Everything that the server does not have, in one file: for the day when the phone cannot send any more. */
export interface Export { format: 'qingyuan-unsent'; version: 1; account: string; made_at: string; holds: string; operations: unknown[]; visits: unknown[]; sheets: unknown[]; files: unknown[] }

export async function exported(db: PhoneDatabase, made_at: string): Promise<Export> {
  const operations = await db.outbox.where('state').anyOf('waiting', 'parked', 'dropped').toArray()
  const visits = await db.visits.bulkGet([...new Set(operations.map((one) => one.visit))])
  const drafts = await db.sheets.where('visit').anyOf(visits.flatMap((one) => (one ? [one.id] : []))).toArray()
  const wanted = operations.filter((one) => one.kind === 'upload').map((one) => one.id.slice('file:'.length))
  const files = (await db.files.bulkGet(wanted)).flatMap((one) => (one ? [one] : []))
  return {
    format: 'qingyuan-unsent', version: 1, account: db.account, made_at, holds: holds(operations.length - files.length, files),
    operations, visits: visits.filter(Boolean), sheets: drafts, files: files.map(encoded),
  }
}

/** In words, what is in it. */
export function holds(commands: number, files: FileKept[]): string {
  const bytes = files.reduce((sum, one) => sum + one.bytes.byteLength, 0)
  return `${commands} 项记录，${files.length} 个文件，共 ${(bytes / 1_048_576).toFixed(1)} MB`
}

function encoded({ bytes, ...about }: FileKept): object {
  const all = new Uint8Array(bytes)
  let text = ''
  for (let at = 0; at < all.length; at += SLICE) text += String.fromCharCode(...all.subarray(at, at + SLICE))
  return { ...about, base64: btoa(text) }
}
