import 'fake-indexeddb/auto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { clockHint } from './clock'
import { distanceText, fenceRadius, fixOf, isOutside, metres } from './place'
import { usedProblem } from './visits/used'
import { dueText, untilTime, urgencyOf } from './words'

const ACCOUNT = { id: '0b6e2f0c-2f6b-4a6e-9d61-8f0f3f1d9a11', name: 'demo-technician', label: '李运维', kind: 'operator', organisation: null, district: null }
const OTHER = { ...ACCOUNT, id: '5d3b6a55-93a5-4d0e-8f4c-25b0d9a6c0aa', name: 'other', label: '王巡检' }

function serverSays(status: number, body: unknown): void {
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify(body), { status }))
}

async function freshAccount() {
  vi.resetModules()
  return import('./account')
}

describe('who works with this phone', () => {
  afterEach(() => { localStorage.clear(); vi.unstubAllGlobals() })

  it('is remembered, so that work goes on with no network', async () => {
    serverSays(200, { account: ACCOUNT })
    await (await freshAccount()).recall()
    vi.stubGlobal('fetch', async () => { throw new TypeError('Failed to fetch') })
    const { me, recall, db } = await freshAccount()
    await recall()
    expect([me.account?.id, me.ended, db().account]).toEqual([ACCOUNT.id, false, ACCOUNT.id])
  })

  it('stays, with a word, when the session has ended', async () => {
    serverSays(200, { account: ACCOUNT })
    await (await freshAccount()).recall()
    serverSays(401, { code: 'session.missing', title: '请先登录。' })
    const { me, recall } = await freshAccount()
    await recall()
    expect([me.account?.id, me.ended]).toEqual([ACCOUNT.id, true])
  })

  it('is another when another has logged in, with a database of their own', async () => {
    serverSays(200, { account: ACCOUNT })
    const { me, recall, db } = await freshAccount()
    await recall()
    await db().keep('secret', 'of the first')
    serverSays(200, { account: OTHER })
    await recall()
    expect([me.account?.id, await db().thing('secret')]).toEqual([OTHER.id, null])
  })

  it('is forgotten after logging out, their work is not', async () => {
    serverSays(200, { account: ACCOUNT })
    const { me, recall, db, logOut } = await freshAccount()
    await recall()
    await db().keep('draft', 'kept')
    vi.stubGlobal('fetch', async () => new Response(null, { status: 204 }))
    await logOut()
    expect([me.account, localStorage.length]).toEqual([null, 0])
    serverSays(200, { account: ACCOUNT })
    await recall()
    expect(await db().thing('draft')).toBe('kept')
  })
})

describe('the clock', () => {
  it('is worth a word beyond two minutes, either way', () => {
    expect([clockHint(120_000), clockHint(-119_000)]).toEqual([null, null])
    expect(clockHint(180_000)).toContain('快约 3 分钟')
    expect(clockHint(-300_000)).toContain('慢约 5 分钟')
  })

  it('ends a day at 24:00', () => {
    expect(untilTime('2026-11-25T16:00:00Z')).toBe('24:00')
    expect(untilTime('2026-11-25T04:30:00Z')).toBe('12:30')
  })
})

describe('a place', () => {
  const there = { longitude: '121.10000000', latitude: '31.15000000', datum: 'WGS-84' as const }

  it('is said as the device said it, with how sure it was', () => {
    expect(fixOf({ coords: { longitude: 121.1, latitude: 31.15, accuracy: 12.34 }, timestamp: 0 })).toEqual({ ...there, accuracy_m: '12.3', fixed_at: '1970-01-01T00:00:00.000Z' })
  })

  it('is a thousandth of a degree of latitude away: about 111 metres', () => {
    expect(metres(there, { ...there, latitude: '31.151' })).toBeCloseTo(111.2, 0)
  })

  it('does not pretend to be exact where the datum is shifted', () => {
    const near = { ...there, latitude: '31.151' }
    expect(distanceText(there, near)).toBe('110 米')
    expect(distanceText(there, { ...near, datum: 'GCJ-02' })).toBe('1 公里以内')
    expect(distanceText(there, { ...there, latitude: '31.17' })).toBe('约 2.2 公里')
  })

  it('is outside the fence only with the whole circle of uncertainty, and in a shifted datum only beyond the shift', () => {
    const here = { ...there, accuracy_m: '12.0', fixed_at: '1970-01-01T00:00:00.000Z' }
    expect(isOutside(here, { ...there, latitude: '31.152' }, 200)).toBe(true) // 222 metres
    expect(isOutside({ ...here, accuracy_m: '30.0' }, { ...there, latitude: '31.152' }, 200)).toBe(false)
    expect(isOutside(here, { ...there, latitude: '31.152', datum: 'BD-09' }, 200)).toBe(false)
  })

  it('has a fence only where its radius was taken along', () => {
    expect([{ fence_radius_m: '200' }, {}, undefined].map(fenceRadius)).toEqual([200, null, null])
  })
})

describe('what is due', () => {
  const work = (...slack: number[]) => slack.map((slack_days) => ({ slack_days }) as never)

  it('is as urgent as its most urgent part', () => {
    expect([work(-1, 5), work(0), work(2), work(3), work()].map(urgencyOf)).toEqual(['late', 'now', 'soon', 'calm', 'calm'])
    expect([-2, 0, 3].map(dueText)).toEqual(['已超期 2 天', '今天截止', '还有 3 天'])
  })
})

describe('a spare part', () => {
  const part = { name: '泵管', model: null, quantity: '1', unit: '根', lot: null, expires: null }

  it('needs a quantity and a unit once it has a name', () => {
    expect(usedProblem(part)).toBeNull()
    expect(usedProblem({ ...part, name: ' ', quantity: '' })).toBeNull()
    for (const quantity of ['', '0', '-1', '1,5', 'abc', '1.23456']) expect(usedProblem({ ...part, quantity })).toContain('数量')
    expect(usedProblem({ ...part, unit: ' ' })).toContain('单位')
  })
})
