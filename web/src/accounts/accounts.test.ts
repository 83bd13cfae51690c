import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import type { Account, Role } from '../api/types'
import { homeOf, menuOf } from '../layout/menu'
import { landing } from '../router'
import { useSession } from '../session'
import AcceptancePage from './AcceptancePage.vue'
import OwnAccountsPage from './OwnAccountsPage.vue'
import { rolesOf, roleWords } from './words'

vi.mock('element-plus/es', async () => {
  const testing = await import('../filing/own/testing')
  const block = testing.ElForm
  return { ...testing, ElRadio: block, ElRadioGroup: block, ElRadioButton: block }
})

const manager: Account = { id: 'm', name: 'zhou', label: '周', kind: 'enterprise', role: 'manager', signs: true, district: null, organisation: 'o', organisation_name: '清泉化工' }
const row = (id: string, more: object = {}) => ({ id, name: id, label: `甲 ${id}`, role: 'signatory', signs: true, disabled: false, must_change: false, last_log_in: null, person: null, ...more })
const sent: { method: string; path: string; body: unknown }[] = []
let page: VueWrapper

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  if (request.method !== 'GET') sent.push({ method: request.method, path: pathname, body: await request.json().catch(() => null) })
  if (pathname === '/api/organisation/accounts') return Response.json({ items: [row('m', { role: 'manager' }), row('an'), row('gone', { disabled: true })] })
  if (pathname === '/api/organisation/invitations') return Response.json({ items: [] })
  if (pathname === '/api/invitations/check') return Response.json({ organisation_name: '绿测', label: '李伟', kind: 'operator', role: 'technician', signs: false, expires_at: '2026-11-27T00:00:00Z' })
  if (pathname === '/api/invitations/acceptance') return Response.json({ account: { ...manager, kind: 'operator', role: 'technician', signs: false }, expires_at: '', idle_minutes: 30, must: [] })
  return new Response(null, { status: 204 })
}

async function open(component: object): Promise<void> {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:any(.*)*', component: { render: () => null } }] })
  page = mount(component, { global: { plugins: [router] } })
  await flushPromises()
}

const button = (name: string) => page.findAll('button').find((found) => found.attributes('aria-label') === name || found.text() === name)

beforeEach(() => {
  setActivePinia(createPinia())
  sent.length = 0
  vi.stubGlobal('fetch', answer)
  useSession().account = { ...manager }
})

describe('the accounts of the own organisation', () => {
  it('are changed, but the own one is neither locked nor given a password', async () => {
    await open(OwnAccountsPage)
    expect(button('停用 甲 an')).toBeDefined()
    expect(button('停用 甲 m')).toBeUndefined()
    expect(button('重置密码 甲 m')).toBeUndefined()
    expect(button('修改 甲 m')).toBeDefined()
  })

  it('are locked after a question and unlocked without one', async () => {
    await open(OwnAccountsPage)
    await button('停用 甲 an')!.trigger('click')
    await flushPromises()
    await button('恢复 甲 gone')!.trigger('click')
    await flushPromises()
    expect(sent).toEqual([
      { method: 'PUT', path: '/api/organisation/accounts/an/lock', body: { locked: true } },
      { method: 'PUT', path: '/api/organisation/accounts/gone/lock', body: { locked: false } },
    ])
  })
})

describe('an invitation', () => {
  it('is asked for by the code behind the # of its link, and accepted once both passwords are the same', async () => {
    location.hash = '#ABCDEFGHJK'
    await open(AcceptancePage)
    expect(sent[0]).toMatchObject({ path: '/api/invitations/check', body: { code: 'ABCDEFGHJK' } })
    expect(page.text()).toContain('邀请 李伟 以“运维人员”加入')
    await page.get('input[aria-label="账户名"]').setValue('li')
    await page.get('input[aria-label="密码"]').setValue('horses eat apples')
    await page.get('input[aria-label="账户名"]').trigger('submit')
    expect(sent).toHaveLength(1)
    expect(page.text()).toContain('两次输入的密码不同。')
    await page.get('input[aria-label="再输入一次密码"]').setValue('horses eat apples')
    await page.get('input[aria-label="账户名"]').trigger('submit')
    await flushPromises()
    expect(sent[1]).toMatchObject({ path: '/api/invitations/acceptance', body: { code: 'ABCDEFGHJK', account: 'li', password: 'horses eat apples' } })
    expect(useSession().account?.role).toBe('technician')
  })
})

describe('roles', () => {
  it.each([['operator', 3], ['enterprise', 2], ['regulator', 2], ['administrator', 3]] as const)('of %s are %i', (kind, count) => expect(rolesOf(kind)).toHaveLength(count))

  it('say of an enterprise whether its manager signs', () => {
    expect([roleWords('enterprise', 'manager', true), roleWords('enterprise', 'manager', false)]).toEqual(['机构管理员（可签字）', '机构管理员'])
  })

  it.each([['security', '/security/locks'], ['audit', '/security-log'], ['system', '/enterprises']] as [Role, string][])('of administrators: %s begins at %s', (role, home) => expect(homeOf('administrator', role)).toBe(home))

  it('put the accounts into the menu of managers and of the system administrator alone', () => {
    const paths = (kind: Account['kind'], role: Role) => menuOf(kind, role).flatMap(({ items }) => items.map(({ to }) => to))
    expect(paths('operator', 'manager')).toContain('/organisation/accounts')
    expect(paths('operator', 'technician')).not.toContain('/organisation/accounts')
    expect(paths('administrator', 'system')).toContain('/platform/accounts')
    expect(paths('administrator', 'audit')).toEqual(['/security-log'])
  })

  it('open a page that is for them, and no other', () => {
    const session = (role: Role) => ({ home: '/today', account: { ...manager, role } })
    expect(landing('/organisation/accounts', session('manager'))).toBe('/organisation/accounts')
    expect(landing('/organisation/accounts', session('signatory'))).toBe('/today')
  })
})

describe('what a session may', () => {
  it.each([['manager', true, true, true], ['manager', false, true, false], ['signatory', true, false, true]] as const)('as %s with signs=%s', (role, signs, mayWrite, mayS) => {
    const session = useSession()
    session.account = { ...manager, role, signs }
    expect([session.mayWrite, session.signs]).toEqual([mayWrite, mayS])
    expect(session.answersContracts).toBe(role === 'manager')
  })
})
