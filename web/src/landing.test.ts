import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import type { NavigationGuard } from 'vue-router'
import type { Account, Kind } from './api/types'
import { menuOf } from './layout/menu'
import { landing, router } from './router'
import { useSession } from './session'

const KINDS: Kind[] = ['enterprise', 'operator', 'regulator', 'administrator']
const logIn = (kind: Kind) => {
  const session = useSession()
  session.account = { id: '1', kind } as Account
  return session
}
/** Whether the page is for this kind of account; no page at all is for nobody. */
const isOpen = (path: string, kind: Kind) => {
  const { name, meta } = router.resolve(path)
  return name !== 'unknown' && (!meta.who || meta.who.includes(kind))
}

describe('the first page after logging in', () => {
  beforeEach(() => setActivePinia(createPinia()))

  it.each(KINDS)('of an account of kind %s is a page for it, and stands in its menu', (kind) => {
    const { home } = logIn(kind)
    expect(isOpen(home, kind)).toBe(true)
    expect(menuOf(kind, null).flatMap((group) => group.items.map((item) => item.to))).toContain(home)
  })

  it.each(KINDS)('the root leads an account of kind %s there', (kind) => {
    const { home } = logIn(kind)
    const root = router.getRoutes().find((route) => route.name === 'home')
    expect((root?.beforeEnter as () => ReturnType<NavigationGuard>)()).toBe(home)
  })

  it('is the address that was asked for, unless that is a page of another kind of account', () => {
    expect(landing('/visits?from=2026-11-01', logIn('operator'))).toBe('/visits?from=2026-11-01')
    expect(landing('/enterprises', logIn('operator'))).toBe('/duties')
    expect(landing('/today', logIn('operator'))).toBe('/duties')
    expect(landing('/duties', logIn('enterprise'))).toBe('/today')
    expect(landing('/board', logIn('enterprise'))).toBe('/today')
    expect(landing('//elsewhere.example', logIn('enterprise'))).toBe('/')
    expect(landing(undefined, logIn('enterprise'))).toBe('/')
  })

  it.each([['/login', '/today'], ['/login?to=/confirmations', '/confirmations'], ['/login?to=/login', '/today']])('is led to from %s by who is logged in already', async (asked, reached) => {
    Object.assign(logIn('enterprise'), { asked: true })
    await router.push(asked)
    expect(router.currentRoute.value.fullPath).toBe(reached)
  })

  it('keeps the query and the place on the page', () => {
    expect(landing('/visits?from=2026-11-01&state=open#sheets', logIn('operator'))).toBe('/visits?from=2026-11-01&state=open#sheets')
    expect(router.resolve('/mine?x=1#sessions').fullPath).toBe('/mine?x=1#sessions')
  })

  it.each(['security', 'audit'] as const)('of an administrator with the role %s is a page for that role, and no page of business is', (role) => {
    const session = useSession()
    session.account = { id: '1', kind: 'administrator', role } as Account
    const entries = menuOf('administrator', role).flatMap((group) => group.items.map((item) => item.to))
    expect(entries).toContain(session.home)
    for (const path of entries) {
      expect(router.resolve(path).name).not.toBe('unknown')
      expect(landing(path, session)).toBe(path)
    }
    expect(landing('/enterprises', session)).toBe(session.home)
    expect(landing('/mine', session)).toBe('/mine')
    expect(landing(role === 'audit' ? '/security/locks' : '/security-log', session)).toBe(session.home)
  })

  it('of who runs the system is no page of those who watch', () => {
    const session = useSession()
    session.account = { id: '1', kind: 'administrator', role: 'system' } as Account
    expect([landing('/security-log', session), landing('/security/locks', session)]).toEqual([session.home, session.home])
    expect(landing('/enterprises', session)).toBe('/enterprises')
  })

  it.each(KINDS)('every entry in the menu of an account of kind %s is a page for it', (kind) => {
    const entries = menuOf(kind, null).flatMap((group) => group.items.map((item) => item.to))
    expect(entries.filter((path) => !isOpen(path, kind))).toEqual([])
    expect(entries).toContain('/confirmations')
  })
})
