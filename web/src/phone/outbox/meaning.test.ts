import 'fake-indexeddb/auto'
import { describe, expect, it, vi } from 'vitest'
import { Problem } from '../../api/problem'
import { FakeWire, fresh, handRunner, states } from '../testing'
import { outcomeOf } from './deliver'
import { unsent } from './operation'
import { enqueue } from './queue'

const bytes = new TextEncoder().encode('0123456789').buffer as ArrayBuffer
const command = { id: 'key-sign-in', kind: 'command' as const, visit: 'v', label: 'sign-in', path: '/tasks/visits/v/sign-in', body: {} }

describe('what a refusal means, by its code', () => {
  const parked = { is: 'parked' }
  const clock = [{ field: 'sign_in.claimed_at', rule: 'moment_out_of_range', sentence: '时间不在合理范围内。' }]
  it.each([
    [new Problem(409, 'upload.offset', ''), { is: 'again' }],
    [new Problem(410, 'upload.expired', ''), { is: 'anew' }],
    [new Problem(409, 'upload.too-many', ''), { is: 'later', whole: false }],
    [new Problem(403, 'answer.unreadable', ''), { is: 'later', whole: false }],
    [new Problem(422, 'request.malformed', '', clock), { is: 'later', whole: false }],
    [new Problem(422, 'request.malformed', '', [...clock, { field: 'reason', rule: 'missing', sentence: '必填。' }]), parked],
    [new Problem(502, 'answer.broken', ''), { is: 'later', whole: false }],
    [new Problem(409, 'visit.aborted', ''), parked],
    [new Problem(403, 'session.restricted', ''), { is: 'restricted' }],
    [new Problem(409, 'session.other-account', ''), { is: 'other-account' }],
    [new Problem(403, 'role.other', ''), parked],
    [new TypeError('a mistake of ours'), { is: 'later', whole: false }],
  ])('%o', (refused, outcome) => {
    expect(outcomeOf(refused)).toMatchObject(outcome)
  })

  it('waits, and is not parked, where the session is another account\'s', async () => {
    const db = fresh()
    const wire = new FakeWire(db.account)
    wire.refuse = { 'sign-in': new Problem(409, 'session.other-account', '这个浏览器已换成另一账户登录。') }
    await enqueue(db, command)
    const { runner, halts } = handRunner(db, wire)
    await runner.kick()
    expect([await states(db), halts.at(-1)]).toEqual([['sign-in: waiting'], 'other-account'])
  })

  it('sends bytes from the beginning where the server has let the upload go', async () => {
    const db = fresh()
    const wire = new FakeWire(db.account)
    await db.files.put({ sha256: 'aa', media_type: 'image/jpeg', name: 'a.jpg', bytes })
    await enqueue(db, { id: 'file:aa', kind: 'upload', visit: 'v', label: 'file', bytes: 10 })
    const send = wire.upload.bind(wire)
    let expired = true
    wire.upload = async (...given) => {
      if (expired) { expired = false; throw new Problem(410, 'upload.expired', '上传已过期。') }
      return send(...given)
    }
    const { runner, clock } = handRunner(db, wire)
    await runner.kick()
    clock.now += 60_000
    await runner.kick()
    expect(unsent(await db.outbox.toArray())).toEqual([])
  })

  it('does not stand still when something of ours goes wrong: it is told, and tried again', async () => {
    const db = fresh()
    const wire = new FakeWire(db.account)
    await enqueue(db, command)
    const { runner, alarms, stumbles } = handRunner(db, wire)
    const full = Object.assign(new Error('full'), { name: 'QuotaExceededError' })
    const read = vi.spyOn(db.outbox, 'toArray').mockRejectedValueOnce(full)
    await runner.kick()
    expect(stumbles).toEqual([full])
    expect(alarms).toEqual([2_000])
    read.mockRestore()
    await runner.kick()
    expect(await states(db)).toEqual(['sign-in: done'])
  })

  it('keeps everything while the session has something else to do first, and goes on afterwards', async () => {
    const db = fresh()
    const wire = new FakeWire(db.account)
    const send = wire.command.bind(wire)
    let restricted = true
    wire.command = async (...given) => {
      if (restricted) throw new Problem(403, 'session.restricted', '请先修改密码。')
      return send(...given)
    }
    await enqueue(db, command)
    const { runner, halts } = handRunner(db, wire)
    await runner.kick()
    expect([halts.at(-1), await states(db)]).toEqual(['restricted', ['sign-in: waiting']])
    restricted = false
    await runner.kick()
    expect(await states(db)).toEqual(['sign-in: done'])
  })
})
