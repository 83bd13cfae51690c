import { readdirSync, readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { mount } from '@vue/test-utils'
import { useEvery } from '../work/now'
import { wireOf } from '../phone/outbox/wire'
import { command, fetchFile, get } from '.'
import { ASKED_BY_PAGE, FOLLOWS_MS, marks } from './use'

const sent: Request[] = []
const marked = () => sent.map((request) => request.headers.has(ASKED_BY_PAGE))
const personDoes = (what: string) => document.body.dispatchEvent(new Event(what, { bubbles: true }))

beforeEach(() => {
  sent.length = 0
  vi.useFakeTimers()
  vi.stubGlobal('fetch', async (request: Request) => {
    sent.push(request)
    return Response.json({ items: [], next: null, account: { id: 'a' } })
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('what a page asks by itself', () => {
  it('says so, and what follows from what a person does says nothing', async () => {
    personDoes('pointerdown')
    await get('/api/views/confirmations')
    vi.advanceTimersByTime(FOLLOWS_MS + 1)
    await get('/api/views/confirmations')
    await get('/api/messages')
    await fetchFile('/views/plans.xlsx')
    await command('/api/tasks/contracts/{contract_id}/ending', { path: { contract_id: 'c' }, body: { last_day: '2026-12-31', reason: '更换' } }, 'key')
    await wireOf('a').whoAmI()
    expect(marked()).toEqual([false, true, true, true, true, true])
  })

  it.each(['pointerdown', 'keydown', 'wheel', 'touchmove', 'input', 'change'])('is no such thing after %s, even where the page stops the event', (what) => {
    personDoes('pointerdown')
    vi.advanceTimersByTime(FOLLOWS_MS + 1)
    expect(marks()).toEqual({ [ASKED_BY_PAGE]: '1' })
    document.body.addEventListener(what, (event) => event.stopPropagation(), { once: true })
    personDoes(what)
    expect(marks()).toEqual({})
  })

  it('says so also after the clock of the machine was set back', () => {
    personDoes('pointerdown')
    vi.setSystemTime(Date.now() - 3_600_000)
    expect(marks()).toEqual({ [ASKED_BY_PAGE]: '1' })
    personDoes('pointerdown')
    expect(marks()).toEqual({})
  })

  it('is that of every timer, also when the page is seen again', async () => {
    personDoes('keydown')
    const page = mount({ setup: () => useEvery(30_000, () => get('/api/views/confirmations')), template: '<i />' })
    await vi.advanceTimersByTimeAsync(90_000)
    document.dispatchEvent(new Event('visibilitychange'))
    await vi.advanceTimersByTimeAsync(0)
    expect(marked()).toEqual([true, true, true, true])
    page.unmount()
  })
})

/** Another way to the server would keep sessions alive again, so each is named here with what it does about it. */
const WAYS: Record<string, string> = {
  'api/index.ts': 'marks every request',
  'work/upload.ts': 'marks every part',
  'phone/outbox/wire.ts': 'marks every part',
  'messages/unread.ts': 'the stream: the gateway never counts it as use',
  'certificates/token.ts': 'asks the signing service on the same machine',
  'phone/shell/worker.js': 'never asks for anything of /api',
}
const WAY = /(?<![\w])(self\.)?fetch\(|XMLHttpRequest|sendBeacon|new (Upload|EventSource|WebSocket|SharedWorker)\(|\baxios\b/

describe('the ways to the server', () => {
  const root = `${import.meta.dirname}/../`
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(ts|vue|js)$/.test(name) && !/(\.test|esting)\.ts$/.test(name))

  it('are those that are named here', () => {
    expect(files.length).toBeGreaterThan(300)
    const found = files.filter((name) => WAY.test(readFileSync(root + name, 'utf8')))
    expect(found.sort()).toEqual(Object.keys(WAYS).sort())
  })

  it('mark what they send where they say so', () => {
    for (const [name, what] of Object.entries(WAYS)) if (what.startsWith('marks')) expect(readFileSync(root + name, 'utf8')).toContain('marks()')
  })
})
