import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { shallowRef } from 'vue'
import { command, fetchFile, get, put } from './api'
import type { Account } from './api/types'
import { PAGE_ACCOUNT, pageIsOf, withAccount } from './api/use'
import { original, shown } from './api/work'
import { wireOf } from './phone/outbox/wire'
import { loggedIn, other, watchWhose } from './whose'

const [ZHOU, CHEN] = [{ id: 'zhou', label: '周敏' }, { id: 'chen', label: '陈签字' }] as Account[] as [Account, Account]
const page = shallowRef<string | null>(null)
const sent: Request[] = []
let there: Account | null

/** The server of a browser in which `there` is logged in, as the gateway answers. */
async function answer(request: Request): Promise<Response> {
  sent.push(request)
  const named = request.headers.get(PAGE_ACCOUNT)
  if (!there) return Response.json({ code: 'session.missing', title: '请先登录。' }, { status: 401 })
  if (new URL(request.url).pathname === '/api/session') return Response.json({ account: there })
  if (named && named !== there.id) return Response.json({ code: 'session.other-account', title: '这个浏览器已换成另一账户登录。' }, { status: 409 })
  return Response.json({ items: [], next: null, stream: 'contract-1', version: 1 })
}

const named = () => sent.map((request) => request.headers.get(PAGE_ACCOUNT))
const isSeen = async () => {
  document.dispatchEvent(new Event('visibilitychange'))
  await flushPromises()
}

beforeAll(() => {
  pageIsOf(() => page.value)
  watchWhose()
})
beforeEach(() => {
  sent.length = 0
  page.value = ZHOU.id
  there = ZHOU
  loggedIn(ZHOU)
  vi.stubGlobal('fetch', answer)
})
afterEach(() => vi.unstubAllGlobals())

describe('for whom a page is', () => {
  it('is said with all that it sends, and nothing is said before it knows', async () => {
    await get('/api/views/plans')
    await put('/api/contact', { body: { email: 'a@b.cn', mobile: null } } as never)
    await fetchFile('/views/plans.xlsx')
    await command('/api/tasks/contracts/{contract_id}/ending', { path: { contract_id: 'c' }, body: { last_day: '2026-12-31', reason: '更换' } }, 'key')
    page.value = null
    await get('/api/views/plans')
    expect(named()).toEqual(['zhou', 'zhou', 'zhou', 'zhou', null])
  })

  it('is said in the address where the browser sends no headers of a page', () => {
    const file = { sha256: 'aa' } as never
    expect([shown(file, 'thumb'), original(file), withAccount('/api/messages/stream')]).toEqual([
      '/api/files/aa/shown?size=thumb&page_account=zhou', '/api/files/aa?page_account=zhou', '/api/messages/stream?page_account=zhou',
    ])
  })

  it('is, of what waits on a phone, whoever wrote it: also where the page is already another one\'s', async () => {
    page.value = CHEN.id
    there = CHEN
    await expect(wireOf(ZHOU.id).command('/tasks/visits/v/sign-in', {}, 'key')).rejects.toMatchObject({ code: 'session.other-account' })
    expect(named()[0]).toBe('zhou')
  })
})

describe('another account in the same browser', () => {
  it('is noticed by what is refused, and who it is', async () => {
    there = CHEN
    await expect(get('/api/views/plans')).rejects.toMatchObject({ status: 409 })
    await flushPromises()
    expect(other.value?.label).toBe('陈签字')
  })

  it('is noticed when the page is seen, and as soon as another window has logged in', async () => {
    there = CHEN
    await isSeen()
    expect(other.value?.id).toBe('chen')
    loggedIn(ZHOU)
    expect(other.value).toBeNull()
    window.dispatchEvent(new StorageEvent('storage', { key: 'something.else' }))
    await flushPromises()
    expect(other.value).toBeNull()
    window.dispatchEvent(new StorageEvent('storage', { key: 'qingyuan.logged-in', newValue: 'chen' }))
    await flushPromises()
    expect(other.value?.id).toBe('chen')
  })

  it('is told to the other windows when it logs in', () => {
    loggedIn(CHEN)
    expect(localStorage.getItem('qingyuan.logged-in')).toBe('chen')
  })

  it('is nobody where the same one is there, where nobody is, and where nobody is shown', async () => {
    await isSeen()
    there = null
    await isSeen()
    expect(other.value).toBeNull()
    there = CHEN
    page.value = null
    sent.length = 0
    await isSeen()
    expect([other.value, sent.length]).toEqual([null, 0])
  })
})
