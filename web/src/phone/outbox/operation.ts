/** One thing that the server has yet to hear: a command, or the bytes of a file. */
export interface Operation {
  /** Order of making. */
  seq?: number
  /** The command's Idempotency-Key; `file:<sha256>` for bytes. Never changes, so a retry is the same intent. */
  id: string
  kind: 'command' | 'upload'
  visit: string
  /** In words, for the person who waits. */
  label: string
  /** What it is about: a sheet or photo id, so that a way on can be offered. */
  about: string | null
  path: string
  body: unknown
  /** Ids of operations that must be acknowledged before this one may go. */
  needs: string[]
  /** `parked` waits for a person, `dropped` was given up by one. */
  state: 'waiting' | 'parked' | 'done' | 'dropped'
  attempts: number
  not_before: number
  upload_url: string | null
  sent_bytes: number
  bytes: number
  refusal: Refusal | null
}

export interface Refusal { status: number; code: string; sentence: string; errors: { field: string; rule: string; sentence: string }[] }

export type New = Pick<Operation, 'id' | 'kind' | 'visit' | 'label'> & Partial<Operation>

const FIRST_WAIT_MS = 2_000
const LONGEST_WAIT_MS = 5 * 60_000

export function operation(given: New): Operation {
  return {
    about: null, path: '', body: null, needs: [], state: 'waiting', attempts: 0, not_before: 0,
    upload_url: null, sent_bytes: 0, bytes: 0, refusal: null, ...given,
  }
}

/** Twice as long each time, up to five minutes: a dead network costs no battery, a short gap no patience. */
export function waitAfter(attempts: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** Math.max(0, attempts - 1), LONGEST_WAIT_MS)
}

const acknowledged = (all: Operation[]): Set<string> => new Set(all.filter((one) => one.state === 'done').map((one) => one.id))

/** Those that nothing but time holds back. */
export function unblocked(all: Operation[]): Operation[] {
  const done = acknowledged(all)
  return all.filter((one) => one.state === 'waiting' && one.needs.every((id) => done.has(id)))
}

/** What goes now: commands before bytes, since they are small and others wait for them; then in order of making. */
export function next(all: Operation[], now: number): Operation | null {
  const ready = unblocked(all).filter((one) => one.not_before <= now)
  const bySeq = (a: Operation, b: Operation): number => (a.seq ?? 0) - (b.seq ?? 0)
  return ready.filter((one) => one.kind === 'command').sort(bySeq)[0] ?? ready.sort(bySeq)[0] ?? null
}

/** When there will be something to do again, if time is all that is missing. */
export function wakeAt(all: Operation[]): number | null {
  const times = unblocked(all).map((one) => one.not_before)
  return times.length ? Math.min(...times) : null
}

/** What has not arrived: the number in the bar. */
export const unsent = (all: Operation[]): Operation[] => all.filter((one) => one.state === 'waiting' || one.state === 'parked')

/** What a person thinks of as one thing: a photograph is its command, its original and its smaller copy. */
export interface Item { key: string; label: string; sending: Operation[]; bytes: number; sent_bytes: number }

export function itemsOf(some: Operation[]): Item[] {
  const found = new Map<string, Item>()
  for (const one of some) {
    const key = one.about ?? one.id
    const item = found.get(key) ?? { key, label: one.label, sending: [], bytes: 0, sent_bytes: 0 }
    if (one.kind === 'command') item.label = one.label
    item.sending.push(one)
    item.bytes += one.bytes
    item.sent_bytes += one.sent_bytes
    found.set(key, item)
  }
  return [...found.values()]
}
