import 'fake-indexeddb/auto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { PhoneDatabase } from '../database'
import type { Operation } from '../outbox/operation'
import { fresh, visiting } from '../testing'
import type { SheetRevision, Visit } from '../types'
import { blank, changeDraft, finish, saveDraft, sheetOf } from './sheets'

const START = { form: 'patrol_wastewater', form_version: 1, title: '巡检维护记录表', content: 'patrol', values: {}, instruments: [] }

async function started(): Promise<{ db: PhoneDatabase; visit: Visit }> {
  const db = fresh()
  return { db, visit: await visiting(db) }
}

const commands = async (db: PhoneDatabase): Promise<Operation[]> => (await db.outbox.orderBy('seq').toArray()).filter((operation) => operation.kind === 'command')
const revisions = async (db: PhoneDatabase): Promise<SheetRevision[]> => (await commands(db)).flatMap((command) => { const { sheet } = command.body as { sheet?: SheetRevision }; return sheet ? [sheet] : [] })

afterEach(() => { vi.useRealTimers() })

describe('a record sheet', () => {
  it('says what the register gave, and nothing where nothing was given', async () => {
    const { db, visit } = await started()
    const taken = [{ instrument_id: 'i', version: 3, fields: ['a'] }]
    await finish(db, visit, { ...blank(visit, START), id: 's', values: { a: '1' }, taken }, null)
    await finish(db, visit, { ...blank(visit, START), id: 't', values: { a: '1' }, taken: [] }, null)
    const [first, second] = await revisions(db)
    expect(first?.taken).toEqual(taken)
    expect(second).not.toHaveProperty('taken')
    expect(sheetOf('v', [first!], 't').adopted).toEqual({ values: { a: '1' }, taken })
  })

  it('says in how many seconds it was filled, with the time of a later change', async () => {
    vi.useFakeTimers({ now: Date.parse('2026-11-24T09:00:00Z'), toFake: ['Date'] })
    const { db, visit } = await started()
    await saveDraft(db, { ...blank(visit, START), id: 's' })
    vi.setSystemTime(Date.parse('2026-11-24T09:01:35Z'))
    await finish(db, visit, (await db.sheets.get('s'))!, null)
    vi.setSystemTime(Date.parse('2026-11-24T11:00:00Z'))
    await changeDraft(db, 's', { values: { a: '1' } })
    vi.setSystemTime(Date.parse('2026-11-24T11:00:05Z'))
    await finish(db, visit, (await db.sheets.get('s'))!, null)
    expect((await revisions(db)).map((revision) => revision.filled_seconds)).toEqual([95, 100])
  })

  it('says no time where the clock was put back, the draft lay for more than a day, or it was opened before times were kept', async () => {
    vi.useFakeTimers({ now: Date.parse('2026-11-24T09:00:00Z'), toFake: ['Date'] })
    const { db, visit } = await started()
    for (const opened_at of ['2026-11-24T09:00:10Z', '2026-11-23T08:59:59Z', undefined]) await finish(db, visit, { ...blank(visit, START), opened_at }, null)
    for (const sent of await revisions(db)) expect(sent).not.toHaveProperty('filled_seconds')
  })
})
