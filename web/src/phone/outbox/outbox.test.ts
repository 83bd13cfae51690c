import 'fake-indexeddb/auto'
import { describe, expect, it } from 'vitest'
import { Problem } from '../../api/problem'
import { PhoneDatabase } from '../database'
import { newUuid } from '../../api/key'
import { FakeWire, fresh, handRunner, states } from '../testing'
import { itemsOf, next, operation, unsent, waitAfter, type Operation } from './operation'
import { drop, enqueue, mend, retry } from './queue'

const bytes = (text: string): ArrayBuffer => new TextEncoder().encode(text).buffer as ArrayBuffer
const file = (sha256: string) => ({ sha256, media_type: 'image/jpeg', name: 'a.jpg', bytes: bytes('0123456789') })
const command = (what: string, more: Partial<Operation> = {}) => ({ id: `key-${what}`, kind: 'command' as const, visit: 'v', label: what, path: `/tasks/visits/v/${what}`, body: { what }, ...more })
const upload = (sha256: string) => ({ id: `file:${sha256}`, kind: 'upload' as const, visit: 'v', label: `file ${sha256}`, bytes: 10 })

async function withPhoto(db: PhoneDatabase): Promise<void> {
  await db.files.bulkPut([file('aa'), file('bb')])
  await enqueue(db, upload('aa'), upload('bb'), command('photos', { needs: ['file:aa', 'file:bb'] }))
}

describe('what goes next', () => {
  const all = (...given: Partial<Operation>[]): Operation[] => given.map((one, seq) => operation({ ...command(`c${seq}`), seq, ...one }))

  it('goes in the order of making, commands before bytes', () => {
    const queue = all({ kind: 'upload' }, {}, {})
    expect(next(queue, 0)?.seq).toBe(1)
  })

  it('holds a command back until everything it needs is acknowledged', () => {
    const queue = all({ id: 'file:a', kind: 'upload' }, { needs: ['file:a'] })
    expect(next(queue, 0)?.id).toBe('file:a')
    expect(next(all({ id: 'file:a', kind: 'upload', state: 'done' }, { needs: ['file:a'] }), 0)?.seq).toBe(1)
    expect(next(all({ id: 'file:a', kind: 'upload', state: 'dropped' }, { needs: ['file:a'] }), 0)).toBeNull()
  })

  it('passes over what is parked or not yet due', () => {
    expect(next(all({ state: 'parked' }, { not_before: 5 }, {}), 4)?.seq).toBe(2)
    expect(next(all({ state: 'parked' }, { not_before: 5 }), 4)).toBeNull()
  })

  it('waits twice as long each time, and never longer than five minutes', () => {
    expect([1, 2, 3, 20].map(waitAfter)).toEqual([2_000, 4_000, 8_000, 300_000])
  })

  it('counts what waits and what is parked', () => {
    expect(unsent(all({ state: 'done' }, { state: 'parked' }, {}, { state: 'dropped' }))).toHaveLength(2)
  })
})

describe('what a person counts', () => {
  it('is one photograph, not its three parts', async () => {
    const part = (given: Partial<Operation>): Operation => operation({ ...command('photos'), ...given })
    const parts = [part({ id: 'file:a', kind: 'upload', about: 'p', label: '照片（原图）', bytes: 10, sent_bytes: 4 }), part({ about: 'p', label: '照片' }), part({ id: 'x', label: '签到' })]
    expect(itemsOf(parts).map((one) => [one.label, one.sending.length, one.bytes, one.sent_bytes])).toEqual([['照片', 2, 10, 4], ['签到', 1, 0, 0]])
  })
})

describe('sending', () => {
  it('sends a photograph’s command only after the server has named both hashes', async () => {
    const db = fresh()
    const wire = new FakeWire(db.account)
    await withPhoto(db)
    await enqueue(db, command('sign-out'))
    await handRunner(db, wire).runner.kick()
    expect(wire.commands.map((one) => one.key)).toEqual(['key-sign-out', 'key-photos'])
    expect(unsent(await db.outbox.toArray())).toEqual([])
  })

  it('sends nothing of a photograph while the hash is another', async () => {
    const db = fresh()
    const wire = new FakeWire(db.account)
    await withPhoto(db)
    wire.uploadState = async () => ({ state: 'stored', sha256: 'other' })
    await handRunner(db, wire).runner.kick()
    expect(wire.commands).toEqual([])
    expect(await states(db)).toEqual(['file aa: parked', 'file bb: parked', 'photos: waiting'])
  })

  it('asks again while the server is still looking at the file', async () => {
    const db = fresh()
    const wire = new FakeWire(db.account)
    wire.checking = 1
    await withPhoto(db)
    const { runner, clock } = handRunner(db, wire)
    await runner.kick()
    expect(wire.commands).toEqual([])
    clock.now += 1_000
    await runner.kick()
    expect(wire.commands).toHaveLength(1)
    expect(wire.stored.size).toBe(2)
  })

  it('goes on where an upload broke off, also after a reload', async () => {
    const before = fresh()
    const wire = new FakeWire(before.account)
    await withPhoto(before)
    wire.breakAfter = 4
    await handRunner(before, wire).runner.kick()
    const [broken] = await before.outbox.toArray()
    expect(broken).toMatchObject({ state: 'waiting', attempts: 1, sent_bytes: 4 })
    before.close()

    const after = new PhoneDatabase(before.account)
    const { runner, clock } = handRunner(after, wire)
    clock.now += 60_000
    await runner.kick()
    expect(wire.stored.size).toBe(2)
    expect([...wire.stored.keys()][0]).toBe(broken?.upload_url)
    expect(unsent(await after.outbox.toArray())).toEqual([])
  })

  it('begins anew where the server has forgotten the upload', async () => {
    const db = fresh()
    const wire = new FakeWire(db.account)
    await withPhoto(db)
    wire.breakAfter = 4
    const { runner, clock } = handRunner(db, wire)
    await runner.kick()
    wire.stored.clear()
    clock.now += 60_000
    await runner.kick()
    expect(unsent(await db.outbox.toArray())).toEqual([])
  })

  it('takes the same key again when an answer was lost', async () => {
    const db = fresh()
    const wire = new FakeWire(db.account)
    const heard = wire.command.bind(wire)
    let lost = true
    wire.command = async (...given) => {
      await heard(...given)
      if (lost) { lost = false; throw new Problem(503, 'service.slow', '服务响应超时，请稍后重试。') }
    }
    await enqueue(db, command('sign-in'))
    const { runner, clock } = handRunner(db, wire)
    await runner.kick()
    expect(await states(db)).toEqual(['sign-in: waiting'])
    clock.now += 2_000
    await runner.kick()
    expect(await states(db)).toEqual(['sign-in: done'])
    expect(wire.commands).toHaveLength(1)
  })

  it('stops at a dead network, waits longer each time, and goes on at once when there is hope', async () => {
    const db = fresh()
    const wire = new FakeWire(db.account)
    wire.online = false
    await enqueue(db, command('sign-in'), command('sheets'))
    const { runner, alarms, halts } = handRunner(db, wire)
    await runner.kick()
    await runner.kick()
    expect(alarms).toEqual([2_000, 4_000])
    expect(halts).toEqual(['offline', 'offline'])
    expect(wire.asked).toEqual(['session', 'session'])
    wire.online = true
    await runner.hurry()
    expect(wire.commands.map((one) => one.key)).toEqual(['key-sign-in', 'key-sheets'])
  })

  it('lets one that the server is too busy for wait, and the others pass', async () => {
    const db = fresh()
    const wire = new FakeWire(db.account)
    wire.refuse = { 'sign-in': new Problem(503, 'service.down', '服务暂时不可用，请稍后重试。') }
    await enqueue(db, command('sign-in'), command('sheets'))
    const { runner, alarms } = handRunner(db, wire)
    await runner.kick()
    expect(await states(db)).toEqual(['sign-in: waiting', 'sheets: done'])
    expect(alarms).toEqual([2_000])
  })
})

describe('a refusal', () => {
  async function refused() {
    const db = fresh()
    const wire = new FakeWire(db.account)
    wire.refuse = { sheets: new Problem(422, 'sheet.invalid', '记录单填写有误。', [{ field: 'ph', rule: 'required', sentence: 'pH 为必填项。' }]) }
    await enqueue(db, command('sheets', { about: 'sheet' }), command('sign-out'))
    const { runner } = handRunner(db, wire)
    await runner.kick()
    return { db, wire, runner, parked: (await db.outbox.toArray())[0] as Operation }
  }

  it('parks that one with the server’s sentence, and the rest goes on', async () => {
    const { db, parked } = await refused()
    expect(await states(db)).toEqual(['sheets: parked', 'sign-out: done'])
    expect(parked.refusal).toMatchObject({ code: 'sheet.invalid', sentence: '记录单填写有误。' })
  })

  it('goes again under another key when it was mended, under its own when it is only tried again', async () => {
    const { db, wire, runner, parked } = await refused()
    await retry(db, parked)
    expect((await db.outbox.toArray())[0]).toMatchObject({ id: 'key-sheets', state: 'waiting', refusal: null })
    wire.refuse = {}
    await mend(db, parked, { what: 'mended' })
    await runner.kick()
    expect(wire.commands.at(-1)).toMatchObject({ body: { what: 'mended' } })
    expect(wire.commands.at(-1)?.key).not.toBe('key-sheets')
  })

  it('stays on the phone when it is given up, and is not sent', async () => {
    const { db, wire, runner, parked } = await refused()
    wire.refuse = {}
    await drop(db, parked)
    await runner.hurry()
    expect(wire.commands.map((one) => one.key)).toEqual(['key-sign-out'])
    expect(await db.outbox.count()).toBe(2)
  })
})

describe('whose work it is', () => {
  it('keeps everything when the session has ended, and goes on after the same account has logged in', async () => {
    const db = fresh()
    const wire = new FakeWire(db.account)
    wire.account = null
    await enqueue(db, command('sign-in'))
    const { runner, halts } = handRunner(db, wire)
    await runner.kick()
    expect([wire.commands, halts]).toEqual([[], ['session']])
    wire.account = db.account
    await runner.hurry()
    expect(wire.commands).toHaveLength(1)
  })

  it('never sends one account’s work under another’s session, nor shows it', async () => {
    const [mine, theirs] = [fresh(), fresh()]
    const wire = new FakeWire(theirs.account)
    await enqueue(mine, command('sign-in'))
    const { runner, halts } = handRunner(mine, wire)
    await runner.kick()
    expect([wire.commands, halts]).toEqual([[], ['other-account']])
    expect(await theirs.outbox.count()).toBe(0)
  })

  it('notices a change of account between two operations', async () => {
    const db = fresh()
    const wire = new FakeWire(db.account)
    const heard = wire.command.bind(wire)
    wire.command = async (...given) => { await heard(...given); wire.account = newUuid() }
    await enqueue(db, command('sign-in'), command('sheets'))
    await handRunner(db, wire).runner.kick()
    expect(await states(db)).toEqual(['sign-in: done', 'sheets: waiting'])
  })

  it('queues the same bytes once', async () => {
    const db = fresh()
    await enqueue(db, upload('aa'), upload('aa'))
    expect(await db.outbox.count()).toBe(1)
  })
})
