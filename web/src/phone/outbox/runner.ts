import type { PhoneDatabase } from '../database'
import { deliverCommand, deliverFile, type Outcome, type Wire } from './deliver'
import { next, waitAfter, wakeAt, type Operation } from './operation'
import { change, hurry, park } from './queue'

/** Why nothing moves although something waits. */
export type Halt = 'offline' | 'session' | 'restricted' | 'other-account' | null

export interface Told { halt(why: Halt): void; sending(one: Operation | null): void; stumbled(error: unknown): void }

/** The clock, the alarm, and what keeps two windows from sending at once. */
export interface Around {
  now(): number
  later(ms: number, then: () => void): () => void
  /** Does the work, or says that another window is at it. */
  exclusively(work: () => Promise<void>): Promise<boolean>
}

const AROUND: Around = { now: Date.now, later: timer, exclusively: async (work) => { await work(); return true } }
const CHECKING_MS = 1_000
const ANOTHER_WINDOW_MS = 5_000

/** Nothing is wrong with what was sent: it waits until the session is good again. */
type OfSession = 'session' | 'restricted' | 'other-account'
const OF_SESSION: ReadonlySet<string> = new Set<OfSession>(['session', 'restricted', 'other-account'])
const isOfSession = (outcome: Outcome): outcome is Outcome & { is: OfSession } => OF_SESSION.has(outcome.is)

/** Sends what waits, one after another, while the page is open. Everything it knows is in the database. */
export class Runner {
  private running: Promise<void> | null = null
  private again = false
  private cancel: (() => void) | null = null
  private stopped = false
  private unheard = 0
  private readonly now: Around['now']
  private readonly later: Around['later']
  private readonly exclusively: Around['exclusively']

  constructor(
    private readonly db: PhoneDatabase,
    private readonly wire: Wire,
    private readonly told: Told,
    around: Partial<Around> = {},
  ) {
    const { now, later, exclusively } = { ...AROUND, ...around }
    this.now = now
    this.later = later
    this.exclusively = exclusively
  }

  /** Something was queued. */
  kick(): Promise<void> {
    this.again = true
    this.running ??= this.untilQuiet().finally(() => { this.running = null })
    return this.running
  }

  /** There is reason to hope: online again, the page is seen again, a person asked. */
  async hurry(): Promise<void> {
    await hurry(this.db)
    await this.kick()
  }

  stop(): void {
    this.stopped = true
    this.cancel?.()
  }

  private async untilQuiet(): Promise<void> {
    while (this.again && !this.stopped) {
      this.again = false
      this.cancel?.()
      const mine = await this.exclusively(() => this.pass()).catch((error: unknown) => this.stumbled(error))
      if (!mine) this.sleepUntil(this.now() + ANOTHER_WINDOW_MS)
    }
  }

  /** A full phone or a mistake of ours: it is told, and the queue does not stand still for it. */
  private stumbled(error: unknown): true {
    this.told.stumbled(error)
    this.nobodyThere()
    return true
  }

  private async pass(): Promise<void> {
    for (;;) {
      const all = await this.db.outbox.toArray()
      const one = this.stopped ? null : next(all, this.now())
      if (!one) return this.sleepUntil(wakeAt(all))
      if (!(await this.mayGo())) return
      this.told.sending(one)
      const outcome = await this.deliver(one).finally(() => this.told.sending(null))
      if (!(await this.settle(one, outcome))) return
    }
  }

  /** Nothing leaves under another's name: the session may have changed in another window. */
  private async mayGo(): Promise<boolean> {
    const who = await this.wire.whoAmI().catch(() => undefined)
    const halt: Halt = who === undefined ? 'offline' : who === null ? 'session' : who === this.db.account ? null : 'other-account'
    this.told.halt(halt)
    if (halt === 'offline') this.nobodyThere()
    return halt === null
  }

  private nobodyThere(): void {
    this.unheard += 1
    this.sleepUntil(this.now() + waitAfter(this.unheard))
  }

  private async deliver(one: Operation): Promise<Outcome> {
    if (one.kind === 'command') return deliverCommand(this.wire, one)
    const file = await this.db.files.get(one.id.slice('file:'.length))
    if (!file) return { is: 'parked', refusal: { status: 0, code: 'file.gone', sentence: '本机已没有这个文件，请重新拍摄。', errors: [] } }
    return deliverFile(this.wire, one, file, async (upload_url, sent_bytes) => {
      await change(this.db, one, { upload_url, sent_bytes })
    })
  }

  /** Writes down how it ended; says whether to go on with the next. */
  private async settle(one: Operation, outcome: Outcome): Promise<boolean> {
    const attempts = one.attempts + 1
    if (outcome.is === 'done') await change(this.db, one, { state: 'done', sent_bytes: one.bytes })
    else if (outcome.is === 'parked') await park(this.db, one, outcome.refusal)
    else if (outcome.is === 'checking') await change(this.db, one, { not_before: this.now() + CHECKING_MS })
    else if (!isOfSession(outcome)) await change(this.db, one, { attempts, not_before: this.now() + waitAfter(attempts) })
    if (isOfSession(outcome)) this.told.halt(outcome.is)
    const lost = outcome.is === 'later' && outcome.whole
    if (lost) {
      this.told.halt('offline')
      this.nobodyThere()
    } else this.unheard = 0
    return !lost && !isOfSession(outcome)
  }

  private sleepUntil(time: number | null): void {
    this.cancel?.()
    if (time === null || this.stopped) return
    this.cancel = this.later(Math.max(0, time - this.now()), () => void this.kick())
  }
}

function timer(ms: number, then: () => void): () => void {
  const id = setTimeout(then, ms)
  return () => clearTimeout(id)
}
