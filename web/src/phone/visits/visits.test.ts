import 'fake-indexeddb/auto'
import { describe, expect, it } from 'vitest'
import { Problem } from '../../api/problem'
import type { PhoneDatabase } from '../database'
import { FakeWire, fresh, handRunner, picture, states, visiting, TASK } from '../testing'
import { exported } from '../outbox/export'
import type { Operation } from '../outbox/operation'
import type { SheetRevision, Visit, VisitSeen } from '../types'
import { adopt, goOnHere } from './adopt'
import { differences, same, settled } from './merge'
import { blank, discard, finish, saveDraft, sheetOf } from './sheets'
import { arrived, backfill, photograph, signIn, signOut } from './visit'

const START = { form: 'patrol_wastewater', form_version: 1, title: '巡检维护记录表', content: 'patrol', values: {}, instruments: [] }
const SIGNATURE = { image: new Blob(['png'], { type: 'image/png' }), strokes: new Blob(['[]'], { type: 'application/json' }) }

async function started(): Promise<{ db: PhoneDatabase; visit: Visit }> {
  const db = fresh()
  return { db, visit: await visiting(db) }
}

const commands = async (db: PhoneDatabase): Promise<Operation[]> => (await db.outbox.orderBy('seq').toArray()).filter((one) => one.kind === 'command')
const revisions = async (db: PhoneDatabase): Promise<SheetRevision[]> => (await commands(db)).flatMap((one) => { const { sheet } = one.body as { sheet?: SheetRevision }; return sheet ? [sheet] : [] })

describe('a visit', () => {
  it('says nothing to the server before something happens in it', async () => {
    const { db } = await started()
    expect(await db.outbox.count()).toBe(0)
  })

  it('carries the same opening in every command, so that any of them may arrive first', async () => {
    const { db, visit } = await started()
    await signIn(db, visit, [], null)
    await backfill(db, visit, 'signal', '站房内没有信号', { arrived_at: '2026-11-24T09:00', left_at: '2026-11-24T10:00' })
    await photograph(db, visit, 'sign_in', picture('a'), null)
    await signOut(db, visit, null, [], SIGNATURE)
    const openings = (await commands(db)).map((one) => (one.body as { opening: unknown }).opening)
    expect(openings).toHaveLength(4)
    expect(openings.every((one) => same(one, visit.opening))).toBe(true)
    expect(visit.opening).toMatchObject({ point_id: TASK.point.id, contract_id: TASK.contract_id, cycles: [{ plan_id: TASK.work[0]?.plan_id, item: 0, number: 4 }] })
  })

  it('names in its signing-out what it consists of, and waits for none of it', async () => {
    const { db, visit } = await started()
    const photo = await photograph(db, visit, 'sign_in', picture('a'), null)
    const sheet = blank(visit, START)
    await saveDraft(db, sheet)
    const revision = await finish(db, visit, sheet, null)
    await signOut(db, visit, null, [revision], SIGNATURE)
    const last = (await commands(db)).at(-1)
    expect(last).toMatchObject({ needs: [], path: `/tasks/visits/${visit.id}/sign-out`, body: { sign_out: { sheets: [revision], photos: [photo.id] } } })
    expect(await db.files.count()).toBe(3)
  })
})

describe('a photograph', () => {
  it('is known by the hash of the file the camera made', async () => {
    const { db, visit } = await started()
    const taken = picture('abc')
    const photo = await photograph(db, visit, 'sign_in', taken, null)
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await taken.arrayBuffer()))
    expect(photo.original.sha256).toBe(Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join(''))
    expect(new Uint8Array((await db.files.get(photo.original.sha256))!.bytes)).toEqual(new Uint8Array(await taken.arrayBuffer()))
  })

  it('waits for its bytes, and is sent without a smaller copy where none can be made', async () => {
    const { db, visit } = await started()
    const photo = await photograph(db, visit, 'sign_in', picture('abc'), null)
    const [bytes, command] = await db.outbox.orderBy('seq').toArray()
    expect(photo.shown).toBeNull()
    expect(command?.needs).toEqual([bytes?.id])
  })

  it('takes the place of one that was refused, under the same id', async () => {
    const { db, visit } = await started()
    const wire = new FakeWire(db.account)
    const photo = await photograph(db, visit, 'sign_in', picture('abc'), null)
    wire.upload = async () => { throw new Problem(422, 'file.type', '不支持这种文件。') }
    await handRunner(db, wire).runner.kick()
    expect(await states(db)).toEqual(['签到照片（原图）: parked', '签到照片: waiting'])
    const again = await photograph(db, visit, 'sign_in', picture('other'), null, photo)
    const good = new FakeWire(db.account)
    await handRunner(db, good).runner.kick()
    expect(again.id).toBe(photo.id)
    expect(good.commands).toMatchObject([{ body: { photo: { photo_id: photo.id, original: { sha256: again.original.sha256 } } } }])
    expect(await db.photos.count()).toBe(1)
  })
})

describe('a record sheet', () => {
  it('is on the phone after every keystroke and sends nothing until it is done', async () => {
    const { db, visit } = await started()
    const sheet = blank(visit, START)
    for (const text of ['2', '23', '23.5']) await saveDraft(db, { ...sheet, values: { room_temperature: text } })
    expect((await db.sheets.get(sheet.id))?.values).toEqual({ room_temperature: '23.5' })
    expect(await db.outbox.count()).toBe(0)
  })

  it('supersedes what it was when it is done again, and leaves out what is blank', async () => {
    const { db, visit } = await started()
    const first = await finish(db, visit, { ...blank(visit, START), id: 's', values: { a: '1', b: '' } }, null)
    const kept = (await db.sheets.get('s'))!
    const second = await finish(db, visit, { ...kept, values: { a: '2', b: '' } }, '读数抄错')
    const sent = await revisions(db)
    expect(sent.map((one) => [one.revision_id, one.supersedes, one.values, one.reason])).toEqual([[first, [], { a: '1' }, null], [second, [first], { a: '2' }, '读数抄错']])
  })

  it('says what was filled by group and still stands, and nothing where nothing is', async () => {
    const { db, visit } = await started()
    await finish(db, visit, { ...blank(visit, START), id: 's', values: { a: '正常', b: '异常' }, filled_by_group: ['a', 'b'] }, null)
    const [sent] = await revisions(db)
    expect(sent?.filled_by_group).toEqual(['a'])
    expect(sheetOf('v', [sent!], 't').filled_by_group).toEqual(['a'])
    await finish(db, visit, { ...blank(visit, START), id: 't', values: { a: '异常' }, filled_by_group: ['a'] }, null)
    expect((await revisions(db))[1]).not.toHaveProperty('filled_by_group')
  })

  it('is mended in its place when it was refused: what the signing-out named stays true', async () => {
    const { db, visit } = await started()
    const wire = new FakeWire(db.account)
    const first = await finish(db, visit, { ...blank(visit, START), id: 's' }, null)
    wire.refuse = { sheets: new Problem(422, 'sheet.invalid', '记录单填写有误。') }
    await handRunner(db, wire).runner.kick()
    wire.refuse = {}
    const again = await finish(db, visit, { ...(await db.sheets.get('s'))!, values: { a: '2' } }, null)
    await handRunner(db, wire).runner.kick()
    expect(again).toBe(first)
    expect(wire.commands).toMatchObject([{ body: { sheet: { revision_id: first, supersedes: [], values: { a: '2' } } } }])
  })

  it('gives up a refused state that a newer one has overtaken', async () => {
    const { db, visit } = await started()
    const wire = new FakeWire(db.account)
    await finish(db, visit, { ...blank(visit, START), id: 's' }, null)
    await finish(db, visit, (await db.sheets.get('s'))!, null)
    const [older] = await commands(db)
    await db.outbox.update(older!.seq as number, { state: 'parked' })
    await handRunner(db, wire).runner.kick()
    await finish(db, visit, (await db.sheets.get('s'))!, null)
    expect((await commands(db)).map((one) => one.state)).toEqual(['dropped', 'done', 'waiting'])
  })

  it('can be thrown away only while it was never finished', async () => {
    const { db, visit } = await started()
    const draft = blank(visit, START)
    await saveDraft(db, draft)
    await finish(db, visit, { ...blank(visit, START), id: 's' }, null)
    await discard(db, draft)
    await discard(db, (await db.sheets.get('s'))!)
    expect(await db.sheets.toCollection().primaryKeys()).toEqual(['s'])
  })
})

describe('two states that neither supersedes', () => {
  const head = (values: object): SheetRevision => ({ sheet_id: 's', revision_id: JSON.stringify(values), supersedes: [], form: 'f', form_version: 1, content: 'patrol', instruments: [], values: { ...values }, used: [], claimed_at: '', reason: null })

  it('are shown where they part, in the order of the form', () => {
    const heads = [head({ a: '1', b: 'x', rows: [{ k: '1', l: '2' }] }), head({ b: 'x', a: '2', rows: [{ l: '2', k: '1' }] })]
    expect(differences(heads, ['b', 'a'])).toEqual([{ field: 'a', sides: ['1', '2'] }])
  })

  it('become what was picked, and keep what is the same', () => {
    const heads = [head({ a: '1', b: 'x' }), head({ a: '2', b: 'x', c: 'only here' })]
    expect(settled(heads, { a: 1, c: 1 })).toEqual({ a: '2', b: 'x', c: 'only here' })
    expect(settled(heads, {})).toEqual({ a: '1', b: 'x' })
  })
})

describe('a visit that another phone began', () => {
  const head = (revision_id: string, values: object, used: object[] = []): SheetRevision => ({ sheet_id: 's', revision_id, supersedes: [], form: 'f', form_version: 1, content: 'patrol', instruments: [], values: { ...values }, used: used as never, claimed_at: '', reason: null })
  const pump = { name: '泵管', model: null, quantity: '1', unit: '根', lot: null, expires: null }
  const seen = (heads: SheetRevision[], sign_out_at: string | null = null): VisitSeen => ({
    id: 'v', version: 3, day: '2026-11-25', state: 'open', enterprise_name: '上海清泉化工有限公司', point_id: TASK.point.id, point_name: '污水总测点', medium: 'wastewater', by: 'a', contents: ['patrol'],
    marks: [], backfilled: false, obstructed: false, conflict: false, sign_in_at: '2026-11-25T00:00:00Z', sign_out_at, distance_m: null, confirmation: null, backfill: null, obstruction: null,
    opened: { point_id: TASK.point.id, contract_id: null, cycles: [], claimed_at: '2026-11-25T00:00:00Z', by: 'a' } as never,
    sheets: [{ sheet_id: 's', form: 'f', form_version: 1, content: 'patrol', heads, revisions: heads }],
    photos: [{ photo_id: 'p', of: 's', original: { sha256: 'aa', size: 1, media_type: 'image/jpeg', name: null }, shown: null, taken_at: '' }],
  }) as unknown as VisitSeen

  it('goes on with what has arrived, and signs out with all of it', async () => {
    const db = fresh()
    await goOnHere(db, seen([head('r', { a: '1' })]), () => '巡检')
    const visit = (await db.visits.get('v'))!
    const sheets = await db.sheets.toArray()
    expect(sheets).toMatchObject([{ id: 's', heads: ['r'], state: 'done', title: '巡检' }])
    expect(arrived((await db.photos.get('p'))!, [])).toBe(true)
    await signOut(db, visit, null, sheets.flatMap((one) => one.heads), SIGNATURE)
    expect((await commands(db)).at(-1)).toMatchObject({ body: { opening: visit.opening, sign_out: { sheets: ['r'], photos: ['p'] } } })
    expect(visit.opening).toEqual({ point_id: TASK.point.id, contract_id: null, cycles: [], claimed_at: '2026-11-25T00:00:00Z' })
  })

  it('never overwrites what this phone has of it', async () => {
    const db = fresh()
    await goOnHere(db, seen([head('r', { a: '1' })]), () => '巡检')
    await db.sheets.update('s', { values: { a: 'typed here' } })
    await goOnHere(db, seen([head('r', { a: '1' })]), () => '巡检')
    expect((await db.sheets.get('s'))?.values).toEqual({ a: 'typed here' })
  })

  it('has a conflict settled by a third state that supersedes both and loses no spare part', async () => {
    const db = fresh()
    const heads = [head('one', { a: '1' }, [pump]), head('two', { a: '2' }, [{ ...pump }, { ...pump, name: '试剂' }])]
    const draft = await adopt(db, seen(heads, '2026-11-25T01:00:00Z'), seen(heads).sheets[0]!, '巡检', settled(heads, { a: 1 }))
    await finish(db, (await db.visits.get('v'))!, draft, '核对后合并')
    const [third] = await revisions(db)
    expect(third).toMatchObject({ supersedes: ['one', 'two'], values: { a: '2' }, reason: '核对后合并' })
    expect(third?.used?.map((part) => part.name)).toEqual(['泵管', '试剂'])
  })
})

describe('the export', () => {
  it('holds everything that was not acknowledged, bytes included, and says so', async () => {
    const { db, visit } = await started()
    await signIn(db, visit, [], null)
    await handRunner(db, new FakeWire(db.account)).runner.kick()
    const photo = await photograph(db, visit, 'sign_in', picture('abc'), null)
    const file = await exported(db, '2026-11-25T00:00:00Z')
    expect(file).toMatchObject({ format: 'qingyuan-unsent', account: db.account, holds: '1 项记录，1 个文件，共 0.0 MB' })
    expect(file.operations).toHaveLength(2)
    const [kept] = file.files as { sha256: string; base64: string }[]
    expect([kept?.sha256, atob(kept?.base64 ?? '')]).toEqual([photo.original.sha256, 'abc'.repeat(400)])
    expect(file.visits).toMatchObject([{ id: visit.id }])
  })
})
