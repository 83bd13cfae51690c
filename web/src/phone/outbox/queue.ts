import { newKey } from '../../api/key'
import type { PhoneDatabase } from '../database'
import { operation, type New, type Operation, type Refusal } from './operation'

/** Adds operations. Bytes that are already queued are not queued twice; call it inside the change's own transaction. */
export async function enqueue(db: PhoneDatabase, ...given: New[]): Promise<void> {
  for (const one of given) {
    const known = await db.outbox.where('id').equals(one.id).first()
    if (!known) await db.outbox.add(operation(one))
    else if (known.state === 'dropped') await db.outbox.update(known.seq as number, { state: 'waiting', refusal: null, not_before: 0 })
  }
}

export const change = (db: PhoneDatabase, one: Operation, changes: Partial<Operation>): Promise<number> => db.outbox.update(one.seq as number, changes)

export const park = (db: PhoneDatabase, one: Operation, refusal: Refusal): Promise<number> => change(db, one, { state: 'parked', refusal })

/** The person says: once more, as it is. */
export const retry = (db: PhoneDatabase, one: Operation): Promise<number> =>
  change(db, one, { state: 'waiting', refusal: null, attempts: 0, not_before: 0, upload_url: null, sent_bytes: 0 })

/** The person says: mended. Other content is another intent, so it gets another key and its old place in the order. */
export const mend = (db: PhoneDatabase, one: Operation, body: unknown): Promise<number> =>
  change(db, one, { id: newKey(), body, state: 'waiting', refusal: null, attempts: 0, not_before: 0 })

/** The person gives it up. It stays on the phone and in the export, and is not sent. */
export const drop = (db: PhoneDatabase, one: Operation): Promise<number> => change(db, one, { state: 'dropped' })

/** The network is back, or somebody pressed 立即上传: waiting is over for all. */
export async function hurry(db: PhoneDatabase): Promise<void> {
  await db.outbox.where('state').equals('waiting').modify({ not_before: 0 })
}
