import 'fake-indexeddb/auto'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Account } from '../api/types'
import { me } from './account'
import { outbox } from './outbox/state'
import { router } from './router'

const CHEN = { id: 'chen', label: '陈签字', kind: 'enterprise', role: 'signatory' } as Account
const opened = async (asked: string) => {
  await router.push('/me')
  await router.push(asked)
  return router.currentRoute.value.fullPath
}

describe('the log-in of the phone', () => {
  beforeEach(() => {
    Object.assign(me, { account: CHEN, ended: false, restricted: false })
    outbox.halt = null
  })

  it('leads on who is logged in: also by Back, after the log-in', async () => {
    expect(await opened('/login')).toBe('/confirmations')
    expect(await opened('/login?to=/messages')).toBe('/messages')
  })

  it.each(['session', 'other-account'] as const)('is open to who is logged in no more: %s', async (halt) => {
    outbox.halt = halt
    expect(await opened('/login')).toBe('/login')
    Object.assign(me, { ended: true })
    outbox.halt = null
    await router.push('/me')
    expect(await opened('/login')).toBe('/login')
  })

  it('is open to nobody in particular', async () => {
    me.account = null
    expect(await opened('/login')).toBe('/login')
  })
})
