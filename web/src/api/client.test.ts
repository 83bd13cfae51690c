import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { command, everyPage, get, post, remove, whenSessionEnds } from '.'
import { BROKEN_OFF, OFFLINE } from './problem'

const CONTRACT = '00000000-0000-0000-0000-000000000001'
const sent: Request[] = []
let answers: (() => Promise<Response>)[] = []
const answering = (...given: (() => Promise<Response>)[]) => { answers = given }
const says = (body: unknown, status = 200) => async () => Response.json(body, { status })

beforeEach(() => {
  sent.length = 0
  vi.stubGlobal('fetch', async (request: Request) => {
    sent.push(request)
    return answers.shift()!()
  })
})
afterEach(() => vi.unstubAllGlobals())

const end = (version?: number) =>
  command('/api/tasks/contracts/{contract_id}/ending', { path: { contract_id: CONTRACT }, body: { last_day: '2026-12-31', reason: '更换' } }, 'key-of-it', version)

describe('a question', () => {
  it('names its filters in the address, and leaves out what narrows nothing', async () => {
    answering(says({ items: [], next: null }))
    await get('/api/views/contracts', { query: { state: 'submitted', enterprise_id: '', after: null } })
    const url = new URL(sent[0]!.url)
    expect([url.pathname, url.search]).toEqual(['/api/views/contracts', '?state=submitted'])
  })

  it('is asked page by page until there is none', async () => {
    answering(says({ items: [{ id: 'a' }], next: 'x' }), says({ items: [{ id: 'b' }], next: null }))
    expect(await everyPage('/api/views/plans', { query: { limit: 1 } })).toMatchObject([{ id: 'a' }, { id: 'b' }])
    expect(sent.map((request) => new URL(request.url).search)).toEqual(['?limit=1', '?limit=1&after=x'])
  })

  it('says when the session is over, but not when it asks for the session', async () => {
    const over = vi.fn()
    whenSessionEnds(over)
    const missing = { code: 'session.missing', title: '请先登录。' }
    answering(says(missing, 401), says(missing, 401))
    await expect(get('/api/session')).rejects.toMatchObject({ code: 'session.missing' })
    expect(over).not.toHaveBeenCalled()
    await expect(get('/api/sessions')).rejects.toMatchObject({ status: 401 })
    expect(over).toHaveBeenCalledOnce()
    whenSessionEnds(() => undefined)
  })

  it.each([
    ['a refusal with a sentence has none', 422, { code: 'plan.windows', title: '请缩短计划期。' }, undefined],
    ['neither has a conflict', 409, { code: 'version.mismatch', title: '他人已修改。' }, undefined],
    ['a fault has', 500, { code: 'internal', title: '系统内部错误，请将追踪号告知管理员。' }, '4bf9'],
    ['an answer that cannot be read has', 400, {}, '4bf9'],
  ])('is answered with a trace where nobody expected it: %s', async (_, status, said, traceId) => {
    answering(says({ ...said, trace_id: '4bf9' }, status))
    await expect(get('/api/sessions')).rejects.toMatchObject({ status, traceId })
  })

  it('can be asked again where the answer did not come, or not whole', async () => {
    answering(() => Promise.reject(new TypeError('Failed to fetch')), async () => new Response('{"items":', { status: 200 }), async () => new Response('', { status: 200 }))
    await expect(get('/api/sessions')).rejects.toBe(OFFLINE)
    await expect(get('/api/sessions')).rejects.toBe(BROKEN_OFF)
    await expect(get('/api/sessions')).rejects.toBe(BROKEN_OFF)
  })
})

describe('a command', () => {
  it('carries its key and the version that it was based on, and views that know its stream wait for it', async () => {
    answering(says({ stream: `contract-${CONTRACT}`, version: 8 }, 202), says({ items: [], next: null }), says({ items: [], next: null }))
    expect(await end(7)).toEqual({ stream: `contract-${CONTRACT}`, version: 8 })
    await get('/api/views/plans')
    await get('/api/views/confirmations')
    const [posted, known, other] = sent
    expect([posted!.method, new URL(posted!.url).pathname]).toEqual(['POST', `/api/tasks/contracts/${CONTRACT}/ending`])
    expect([posted!.headers.get('Idempotency-Key'), posted!.headers.get('If-Match'), posted!.headers.get('Content-Type')]).toEqual(['key-of-it', '"7"', 'application/json'])
    expect(await posted!.json()).toEqual({ last_day: '2026-12-31', reason: '更换' })
    expect([known, other].map((request) => request!.headers.get('If-Version-At-Least'))).toEqual([`contract-${CONTRACT}@8`, null])
  })

  it('that is refused is a problem with the sentences of the server', async () => {
    answering(says({ code: 'contract.ended', title: '合同已终止。', errors: [{ field: 'last_day', rule: 'r', sentence: '过早' }] }, 409))
    await expect(end()).rejects.toMatchObject({ status: 409, code: 'contract.ended', byField: { last_day: '过早' } })
    expect(sent[0]!.headers.get('If-Match')).toBeNull()
  })
})

it('an answer without content is none', async () => {
  answering(async () => new Response(null, { status: 204 }), async () => new Response(null, { status: 204 }))
  expect(await post('/api/password', { current: 'a', new: 'b' })).toBeUndefined()
  await remove('/api/sessions/{session_id}', { path: { session_id: CONTRACT } })
  expect([sent[1]!.method, new URL(sent[1]!.url).pathname]).toEqual(['DELETE', `/api/sessions/${CONTRACT}`])
})
