import 'fake-indexeddb/auto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Account, ConfirmationRow } from '../../api/types'
import { fresh } from '../testing'
import { fetchDue, keptDue, nextAfter, NOTHING_KEPT, readKey, type Due } from './listing'
import { maySign } from './may'

const NOW = Date.parse('2026-12-01T10:00:00Z')
const row = (id: string, due: string, more: Partial<ConfirmationRow> = {}) => ({ id, due_at: due, state: 'requested', point_name: id, content_sha256: id, originals_at: null, ...more }) as ConfirmationRow
const TODAY = '2026-12-01T16:00:00Z'
const due = (open: ConfirmationRow[], lacking: string[] = []): Due => ({ ...NOTHING_KEPT, open, lacking, at: TODAY })

describe('the next one', () => {
  const rows = [row('late', '2026-11-30T16:00:00Z', { state: 'lapsed' }), row('a', TODAY), row('b', TODAY), row('answered', TODAY, { state: 'answered' }), row('waiting', TODAY, { state: 'disputed' })]

  it('goes through what is due, then what was answered, then what is late; what waits for others is left out', () => {
    const seen = ['a']
    while (seen.length < 4) seen.push(nextAfter(due(rows), seen.at(-1)!, NOW)!.id)
    expect(seen).toEqual(['a', 'b', 'answered', 'late'])
  })

  it('comes back to what was left at the beginning', () => {
    expect(nextAfter(due(rows), 'late', NOW)?.id).toBe('a')
  })

  it('is never one whose originals are lacking, nor the same again', () => {
    expect(nextAfter(due(rows, ['b', 'answered']), 'a', NOW)?.id).toBe('late')
    expect(nextAfter(due([row('a', TODAY)]), 'a', NOW)).toBeNull()
  })

  it('is there after one that has been signed and is no longer in the list', () => {
    expect(nextAfter(due(rows), 'signed meanwhile', NOW)?.id).toBe('a')
  })
})

describe('what is kept', () => {
  afterEach(() => vi.unstubAllGlobals())
  const answering = (open: ConfirmationRow[]) => vi.stubGlobal('fetch', async (request: Request) => {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname.endsWith('/contracts')) return Response.json({ items: [{}, {}], next: null })
    if (pathname.endsWith('/evidence')) return Response.json({ token: 't', missing: [], contents: Object.fromEntries(open.map(({ id }) => [id, { missing: id === 'b' ? ['file'] : [] }])) })
    if (request.method === 'POST') return Response.json({ stream: 'confirmation-a', version: 1 }, { status: 202 })
    return Response.json({ items: searchParams.get('state') === 'unsigned' ? open : [], next: null })
  })

  it('is the list as it was last read, with what lacks its originals', async () => {
    const db = fresh()
    answering([row('a', TODAY), row('b', TODAY)])
    await fetchDue(db)
    expect(await keptDue(db)).toMatchObject({ open: [{ id: 'a' }, { id: 'b' }], contracts: 2, lacking: ['b'] })
  })

  it('stays when the network is gone', async () => {
    const db = fresh()
    answering([row('a', TODAY)])
    await fetchDue(db)
    vi.stubGlobal('fetch', async () => { throw new TypeError('Failed to fetch') })
    await expect(fetchDue(db)).rejects.toMatchObject({ code: 'network.down' })
    expect((await keptDue(db)).open.map(({ id }) => id)).toEqual(['a'])
  })

  it('holds the content of what is listed, and drops the content of what is gone', async () => {
    const db = fresh()
    for (const id of ['a', 'gone']) await db.keep(readKey(id), { id })
    await db.keep('draft/dispute/gone', { text: '还没写完' })
    answering([row('a', TODAY)])
    await fetchDue(db)
    expect((await db.things.toCollection().primaryKeys()).sort()).toEqual(['confirmation/a', 'draft/dispute/gone', 'due'])
  })
})

it('who signs: an enterprise’s account, unless its session says that it does not', () => {
  const account = (more: object) => ({ kind: 'enterprise', ...more }) as Account
  expect([account({}), account({ signs: true }), account({ signs: false }), account({ kind: 'operator', signs: true }), null].map(maySign)).toEqual([true, true, false, false, false])
})
