import 'fake-indexeddb/auto'
import { describe, expect, it } from 'vitest'
import type { PhoneDatabase } from '../database'
import { withFormer } from '../forms'
import { exported, takenOver } from '../outbox/export'
import { FakeWire, fresh, handRunner, picture, visiting } from '../testing'
import type { Visit } from '../types'
import { tapped } from './group'
import { blank, changeDraft, saveDraft } from './sheets'
import { photograph, signIn } from './visit'

const START = { form: 'patrol_wastewater', form_version: 1, title: '巡检维护记录表', content: 'patrol', values: {}, instruments: [] }

async function started(): Promise<{ db: PhoneDatabase; visit: Visit }> {
  const db = fresh()
  return { db, visit: await visiting(db) }
}

describe('two windows with the same draft', () => {
  it('do not overwrite each other’s fields', async () => {
    const { db, visit } = await started()
    const sheet = blank(visit, { ...START, values: { weather: '晴' } })
    await saveDraft(db, sheet)
    await Promise.all([changeDraft(db, sheet.id, { values: { ph: '7.1' } }), changeDraft(db, sheet.id, { values: { flow: '3' } })])
    await changeDraft(db, sheet.id, { instruments: ['a'] })
    expect(await db.sheets.get(sheet.id)).toMatchObject({ values: { weather: '晴', ph: '7.1', flow: '3' }, instruments: ['a'], state: 'draft' })
  })

  it('keep the marks of both, where each fills a group with one tap', async () => {
    const { db, visit } = await started()
    const sheet = blank(visit, START)
    await saveDraft(db, sheet)
    const views = { a: [sheet.values, sheet.filled_by_group ?? []], b: [sheet.values, sheet.filled_by_group ?? []] } as const
    await Promise.all([changeDraft(db, sheet.id, tapped(['a1', 'a2'], ...views.a)), changeDraft(db, sheet.id, tapped(['b1', 'b2'], ...views.b))])
    expect((await db.sheets.get(sheet.id))?.filled_by_group).toEqual(['a1', 'a2', 'b1', 'b2'])
    await Promise.all([changeDraft(db, sheet.id, { values: { a1: '异常' }, by_group: { a1: false } }), changeDraft(db, sheet.id, { by_group: { b2: false } })])
    expect((await db.sheets.get(sheet.id))?.filled_by_group).toEqual(['a2', 'b1'])
  })

  it('say so where the draft is gone', async () => {
    const { db } = await started()
    expect(await changeDraft(db, 'gone', { values: { ph: '7' } })).toBeNull()
  })
})

describe('a new version of a form', () => {
  const form = (version: number) => ({ form: 'patrol_wastewater', version, title: '' }) as never
  it('does not take the elder one from a draft, and lets it go when no sheet needs it', () => {
    const before = { forms: [form(1)], contents: [] }
    const after = withFormer({ forms: [form(2)], contents: [] }, before, [{ form: 'patrol_wastewater', form_version: 1 }])
    expect(after.former).toEqual([form(1)])
    expect(withFormer({ forms: [form(3)], contents: [] }, after, [{ form: 'patrol_wastewater', form_version: 1 }]).former).toEqual([form(1)])
    expect(withFormer({ forms: [form(3)], contents: [] }, after, []).former).toEqual([])
  })
})

describe('work that is handed to a colleague', () => {
  it('is sent from the colleague’s phone, whole and once', async () => {
    const { db, visit } = await started()
    await photograph(db, visit, 'sign_in', picture('a'), null)
    await signIn(db, visit, [], null)
    const text = JSON.stringify(await exported(db, '2026-11-27T00:00:00Z', visit.id))
    const theirs = fresh()
    expect(await takenOver(theirs, text)).toBe(await db.outbox.count())
    expect(await takenOver(theirs, text)).toBe(0)
    expect(await theirs.visits.get(visit.id)).toMatchObject({ id: visit.id })
    const wire = new FakeWire(theirs.account)
    await handRunner(theirs, wire).runner.kick()
    expect(wire.commands.map((one) => one.path)).toEqual([`/tasks/visits/${visit.id}/sign-in`, `/tasks/visits/${visit.id}/photos`])
  })

  it('is refused where the file is not one of ours, or was changed on its way', async () => {
    const { db, visit } = await started()
    await photograph(db, visit, 'sign_in', picture('a'), null)
    const made = await exported(db, '2026-11-27T00:00:00Z')
    const changed = { ...made, files: made.files.map((file) => ({ ...file, base64: btoa('other') })) }
    const theirs = fresh()
    for (const text of ['{}', 'no json', JSON.stringify(changed)]) await expect(takenOver(theirs, text)).rejects.toThrow('文件已损坏')
    expect(await theirs.outbox.count()).toBe(0)
  })
})
