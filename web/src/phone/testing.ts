/** For tests: a phone database of its own, a scripted way to the server, and the things a visit is made of. */
import { Problem } from '../api/problem'
import { PhoneDatabase } from './database'
import { newUuid } from '../api/key'
import type { UploadState, Wire } from './outbox/deliver'
import type { Operation } from './outbox/operation'
import { Runner, type Halt } from './outbox/runner'
import type { FileKept, Task, Visit } from './types'
import { begin } from './visits/visit'

/** A server that remembers what it was told, and fails when the test says so. */
export class FakeWire implements Wire {
  account: string | null
  online = true
  commands: { path: string; body: unknown; key: string }[] = []
  stored = new Map<string, { sha256: string; got: number; size: number }>()
  refuse: Record<string, Problem> = {}
  /** The connection breaks after so many bytes of the next upload. */
  breakAfter: number | null = null
  checking = 0
  asked: string[] = []

  constructor(account: string) {
    this.account = account
  }

  private reach(what: string): void {
    this.asked.push(what)
    if (!this.online) throw new Problem(0, 'network.down', '无法连接服务器，请检查网络后重试。')
  }

  async whoAmI(): Promise<string | null> {
    this.reach('session')
    return this.account
  }

  async command(path: string, body: unknown, key: string): Promise<void> {
    this.reach(path)
    const refused = this.refuse[path.split('/').pop() ?? '']
    if (refused) throw refused
    if (!this.commands.some((one) => one.key === key)) this.commands.push({ path, body, key })
  }

  async upload(file: FileKept, url: string | null, heard: (url: string, sent: number) => Promise<void>): Promise<string> {
    this.reach('upload')
    const at = url ?? `/api/files/uploads/${newUuid()}`
    const kept = this.stored.get(at) ?? { sha256: file.sha256, got: 0, size: file.bytes.byteLength }
    this.stored.set(at, kept)
    await heard(at, kept.got)
    if (this.breakAfter !== null) {
      kept.got += this.breakAfter
      this.breakAfter = null
      await heard(at, kept.got)
      throw new Problem(0, 'network.down', '无法连接服务器，请检查网络后重试。')
    }
    kept.got = kept.size
    return at
  }

  async uploadState(url: string): Promise<UploadState> {
    this.reach('state')
    const kept = this.stored.get(url)
    if (!kept) return { state: 'unknown', sha256: null }
    if (kept.got < kept.size) return { state: 'receiving', sha256: null }
    if (this.checking-- > 0) return { state: 'checking', sha256: null }
    return { state: 'stored', sha256: kept.sha256 }
  }
}

/** A runner whose clock and alarm the test turns by hand. */
export function handRunner(db: PhoneDatabase, wire: Wire): { runner: Runner; clock: { now: number }; alarms: number[]; halts: Halt[]; stumbles: unknown[] } {
  const clock = { now: 1_000_000 }
  const alarms: number[] = []
  const halts: Halt[] = []
  const stumbles: unknown[] = []
  const later = (ms: number): (() => void) => {
    alarms.push(ms)
    return () => undefined
  }
  const runner = new Runner(db, wire, { halt: (why) => halts.push(why), sending: () => undefined, stumbled: (error) => stumbles.push(error) }, { now: () => clock.now, later })
  return { runner, clock, alarms, halts, stumbles }
}

export const fresh = (account = newUuid()): PhoneDatabase => new PhoneDatabase(account)

export const TASK: Task = {
  point: { id: newUuid(), code: 'DW001', name: '污水总测点', medium: 'wastewater', outlet_id: newUuid(), location: { longitude: '121.1', latitude: '31.15', datum: 'WGS-84' } },
  enterprise: { id: newUuid(), name: '上海清泉化工有限公司', address: '青浦区' },
  contract_id: newUuid(), instruments: [], last: {}, devices: [],
  work: [{ plan_id: newUuid(), item: 0, number: 4, content: 'patrol', opens: '2026-11-22', closes: '2026-11-28', slack_days: 3, last_done: null, assigned: true }],
}

export const visiting = (db: PhoneDatabase): Promise<Visit> => begin(db, TASK, TASK.work)

export const states = async (db: PhoneDatabase): Promise<string[]> => (await db.outbox.orderBy('seq').toArray()).map((one) => `${one.label}: ${one.state}`)
export const bodyOf = <T>(one: Pick<Operation, 'body'>): T => one.body as T

export const picture = (text: string): File => new File([text.repeat(400)], 'IMG_0001.jpg', { type: 'image/jpeg' })
