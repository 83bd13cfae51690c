import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Account } from './api/types'
import { draftsOf, keepDraft } from './forms/drafts'
import { useSession } from './session'

const serverSays = (status: number, body: unknown) => vi.stubGlobal('fetch', async () => Response.json(body, { status }))
const account = { id: '1', name: 'zhou', label: '周', kind: 'enterprise', organisation: '2', district: null }

describe('whose session this is', () => {
  beforeEach(() => setActivePinia(createPinia()))

  it('is nobody\'s when the server says so', async () => {
    serverSays(401, { code: 'session.missing', title: '请先登录。' })
    const session = useSession()
    await session.ask()
    expect([session.asked, session.account, session.problem]).toEqual([true, null, null])
  })

  it('is not known while the server is away, and is asked again', async () => {
    serverSays(503, { code: 'service.down', title: '服务暂时不可用' })
    const session = useSession()
    await session.ask()
    expect([session.asked, session.problem?.status]).toEqual([false, 503])
    serverSays(200, { account })
    await session.ask()
    expect([session.account?.name, session.problem]).toEqual(['zhou', null])
  })

  it('does not change under an open page: that would show and do things for another', async () => {
    const session = useSession()
    session.become(account as Account)
    serverSays(200, { account: { ...account, id: '2', name: 'chen' }, must: ['factor'] })
    await session.askAgain()
    expect([session.account?.id, session.must]).toEqual(['1', []])
    serverSays(200, { account: { ...account, label: '周敏' } })
    await session.askAgain()
    expect(session.account?.label).toBe('周敏')
  })

  it('is not known without a network either', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('offline')))
    const session = useSession()
    await session.ask()
    expect(session.problem?.isOffline).toBe(true)
  })
})

describe('what was typed when a session ended', () => {
  beforeEach(() => {
    setActivePinia(createPinia())
    keepDraft('1', 'outlet/7', { title: '修改排口', typed: {} })
  })

  it('waits for whoever typed it, and is gone when another logs in', () => {
    useSession().become(account as Account)
    expect(draftsOf('1')).toEqual(['修改排口'])
    useSession().become({ ...account, id: '2' } as Account)
    expect(draftsOf('1')).toEqual([])
  })

  it('is gone when they log out', async () => {
    vi.stubGlobal('fetch', async () => new Response(null, { status: 204 }))
    await useSession().logOut(false)
    expect(draftsOf('1')).toEqual([])
  })
})
