import { liveQuery, type Subscription } from 'dexie'
import { reactive } from 'vue'
import type { PhoneDatabase } from '../database'
import { sentenceOf, tell } from '../refusals'
import { itemsOf, unsent, type Operation } from './operation'
import { Runner, type Halt } from './runner'
import { tellOriginalsSince } from '../../api/originals'
import { serverDay } from '../clock'
import { wireOf } from './wire'

const TOLD_OF_DAYS = 7

/** What the bar shows. */
export const outbox = reactive({ unsent: 0, parked: 0, halt: null as Halt, sending: null as Operation | null, known: false })

let runner: Runner | null = null
let watching: Subscription | null = null

/** From now on this account's work is sent whenever it can be. */
export function startSending(db: PhoneDatabase): void {
  stopSending()
  runner = new Runner(db, wireOf(db.account), { halt: (why) => { outbox.halt = why }, sending: (one) => { outbox.sending = one }, stumbled: (error) => tell(sentenceOf(error)) }, { exclusively: oneWindow(db.account) })
  let waiting = 0
  let told = false
  watching = liveQuery(() => db.outbox.toArray()).subscribe((all) => {
    const open = unsent(all)
    const parked = open.filter((one) => one.state === 'parked')
    if (open.length) told = false
    else if (!told) {
      told = true
      void tellOriginalsSince(serverDay(TOLD_OF_DAYS)).catch(() => { told = false })
    }
    const more = open.length - parked.length > waiting
    waiting = open.length - parked.length
    Object.assign(outbox, { unsent: itemsOf(open).length, parked: parked.length, known: true })
    if (more) void runner?.kick()
  })
}

export function stopSending(): void {
  runner?.stop()
  watching?.unsubscribe()
  runner = watching = null
  Object.assign(outbox, { unsent: 0, parked: 0, halt: null, sending: null, known: false })
}

/** What held it back is asked anew: the network may be there, the session another. */
export async function sendNow(): Promise<void> {
  outbox.halt = null
  await runner?.hurry()
}

/** Reasons to hope. There is no background sync on many phones, so the page itself must try. */
export function watchTheWorld(): void {
  window.addEventListener('online', () => void sendNow())
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible') void sendNow() })
}

/** Two windows of one phone do not send the same thing at once. Where locks are missing, the keys make it harmless. */
function oneWindow(account: string): (work: () => Promise<void>) => Promise<boolean> {
  const withLock = async (lock: Lock | null, work: () => Promise<void>): Promise<boolean> => {
    if (lock) await work()
    return lock !== null
  }
  if (!navigator.locks) return async (work) => { await work(); return true }
  return (work) => navigator.locks.request(`qingyuan-outbox-${account}`, { ifAvailable: true }, (lock) => withLock(lock, work))
}
