import 'fake-indexeddb/auto'
import { describe, expect, it } from 'vitest'
import { today } from '../days'
import type { PhoneDatabase } from './database'
import { FakeWire, fresh, handRunner, picture, visiting } from './testing'
import { tidy } from './tidy'
import type { Visit } from './types'
import { blank, saveDraft } from './visits/sheets'
import { forget, photograph, signIn } from './visits/visit'

const LATER = '2099-01-01'

async function photographed(): Promise<{ db: PhoneDatabase; visit: Visit; original: string }> {
  const db = fresh()
  const visit = await visiting(db)
  await signIn(db, visit, [], null)
  const photo = await photograph(db, visit, 'sign_in', picture('abc'), null)
  const shown = { sha256: 'small', size: 1, media_type: 'image/jpeg', name: 'shown.jpg' }
  await db.photos.update(photo.id, { shown })
  await db.files.put({ ...shown, bytes: new ArrayBuffer(1) })
  return { db, visit, original: photo.original.sha256 }
}

const held = async (db: PhoneDatabase): Promise<number[]> => [await db.visits.count(), await db.photos.count(), await db.files.count(), await db.outbox.count()]

describe('what need not be kept', () => {
  it('is an original that has arrived, not its smaller copy', async () => {
    const { db, original } = await photographed()
    await tidy(db, today())
    expect(await db.files.get(original)).toBeDefined()
    await handRunner(db, new FakeWire(db.account)).runner.kick()
    await tidy(db, today())
    expect(await db.files.toCollection().primaryKeys()).toEqual(['small'])
  })

  it('is a visit of long ago, once everything of it has arrived', async () => {
    const { db } = await photographed()
    await tidy(db, LATER)
    expect((await held(db)).slice(0, 2)).toEqual([1, 1])
    await handRunner(db, new FakeWire(db.account)).runner.kick()
    await tidy(db, today())
    expect((await held(db)).slice(0, 2)).toEqual([1, 1])
    await db.files.delete('small')
    await tidy(db, LATER)
    expect(await held(db)).toEqual([0, 0, 0, 0])
  })

  it('is never a visit with a draft in it', async () => {
    const { db, visit } = await photographed()
    await saveDraft(db, blank(visit, { form: 'f', form_version: 1, title: 't', content: 'patrol', values: {}, instruments: [] }))
    await handRunner(db, new FakeWire(db.account)).runner.kick()
    await tidy(db, LATER)
    expect(await db.visits.count()).toBe(1)
  })

  it('is a visit in which nothing has happened, when a person says so', async () => {
    const { db, visit } = await photographed()
    const empty = await visiting(db)
    await forget(db, visit)
    await forget(db, empty)
    expect(await db.visits.toCollection().primaryKeys()).toEqual([visit.id])
  })
})
