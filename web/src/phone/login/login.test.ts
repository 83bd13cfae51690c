import 'fake-indexeddb/auto'
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Account } from '../../api/types'
import { newUuid } from '../../api/key'
import { Problem } from '../../api/problem'
import { me } from '../account'
import LoginPage from '../pages/LoginPage.vue'
import NextStepPage from '../pages/NextStepPage.vue'
import StateBlock from '../parts/StateBlock.vue'
import { leadToNextStep, router } from '../router'
import { landing } from './landing'
import { methodsOf, stepOf } from './steps'

const ENTERPRISE = { id: newUuid(), kind: 'enterprise', name: 'demo-enterprise', label: '企业' } as Account
const TECHNICIAN = { id: newUuid(), kind: 'operator', name: 'demo-technician', label: '李运维' } as Account
const STEP = { step: 'step-1', methods: ['totp', 'recovery'] }
let answers: Record<string, () => Response>
const sent: { path: string; body: unknown }[] = []

// The pages of each kind of account are loaded when they are first come to; how long that takes is not what is tested.
beforeAll(async () => { await Promise.all([import('../signing/enterprise'), import('../pages/technician')]) }, 60_000)
beforeEach(() => {
  me.account = null
  sent.length = 0
  vi.stubGlobal('fetch', async (request: Request) => {
    const { pathname } = new URL(request.url)
    if (request.method === 'POST') sent.push({ path: pathname, body: await request.json() })
    return (answers[pathname] ?? (() => Response.json({ code: 'not-found', title: '没有找到' }, { status: 404 })))()
  })
})
afterEach(() => { vi.unstubAllGlobals(); localStorage.clear(); me.account = null })

async function logIn() {
  const page = mount(LoginPage, { global: { plugins: [router] } })
  await page.find('input[name=account]').setValue('demo-enterprise')
  await page.find('input[name=password]').setValue('secret')
  await page.find('form').trigger('submit')
  await flushPromises()
  return page
}

describe('who comes by a link', () => {
  it('logs in between, and is where the link leads', async () => {
    answers = { '/api/session': () => Response.json({ account: ENTERPRISE }) }
    await router.push('/confirmations/abc')
    expect([router.currentRoute.value.name, router.currentRoute.value.query.to]).toEqual(['login', '/confirmations/abc'])
    await logIn()
    await vi.waitFor(() => expect(router.currentRoute.value.fullPath).toBe('/confirmations/abc'))
  })

  it('is asked for the second step where the account has one, and then is there, too', async () => {
    answers = { '/api/session': () => Response.json({ code: 'log-in.second-step', title: '请完成第二步', ...STEP }, { status: 409 }), '/api/session/step': () => Response.json({ account: ENTERPRISE }) }
    await router.push('/confirmations/def')
    const page = await logIn()
    expect(page.text()).toContain('第二步验证')
    await page.find('input[name=code]').setValue('123 456')
    await page.find('form').trigger('submit')
    await vi.waitFor(() => expect(router.currentRoute.value.fullPath).toBe('/confirmations/def'))
    expect(sent.at(-1)).toEqual({ path: '/api/session/step', body: { step: 'step-1', method: 'totp', code: '123456' } })
  })

  it('stays at the second step with a wrong code, and reads why', async () => {
    answers = { '/api/session': () => Response.json({ code: 'log-in.second-step', title: '', ...STEP }, { status: 409 }), '/api/session/step': () => Response.json({ code: 'code.wrong', title: '验证码不正确' }, { status: 403 }) }
    await router.push('/confirmations/ghi')
    const page = await logIn()
    await page.find('input[name=code]').setValue('000000')
    await page.find('form').trigger('submit')
    await flushPromises()
    expect([page.text().includes('验证码不正确'), me.account, router.currentRoute.value.name]).toEqual([true, null, 'login'])
  })

  it('is led to no other address', () => {
    expect(['/confirmations/1', '//elsewhere.example', 'https://elsewhere.example', '/login?to=/login', undefined, ['/a']].map(landing)).toEqual(['/confirmations/1', '/', '/', '/', '/', '/'])
  })
})

describe('each kind of account has pages of its own', () => {
  const arrive = async (account: Account, path: string) => { me.account = account; await router.push(path); return router.currentRoute.value.fullPath }

  it('an enterprise comes to what it has to sign, whatever page of a technician it asks for', async () => {
    for (const path of ['/', '/mine', '/visits/1', '/outbox']) expect(await arrive(ENTERPRISE, path)).toBe('/confirmations')
    for (const path of ['/confirmations/1', '/records', '/asked', '/messages', '/me']) expect(await arrive(ENTERPRISE, path)).toBe(path)
  })

  it('a technician comes to the day’s work, whatever page of an enterprise they ask for', async () => {
    for (const path of ['/confirmations', '/confirmations/1', '/records', '/asked']) expect(await arrive(TECHNICIAN, path)).toBe('/')
    for (const path of ['/mine', '/messages', '/me']) expect(await arrive(TECHNICIAN, path)).toBe(path)
  })
})

describe('the second step', () => {
  const problem = (status: number, code: string, details: Record<string, unknown>) => new Problem(status, code, '', [], undefined, details)

  it('is read from the one refusal that asks for it', () => {
    expect(stepOf(problem(409, 'log-in.second-step', STEP))).toMatchObject(STEP)
    expect([stepOf(problem(403, 'log-in.wrong', STEP)), stepOf(problem(409, 'log-in.second-step', {})), stepOf(problem(409, 'another', STEP))]).toEqual([null, null, null])
  })

  it('offers a passkey only where the server gives its options and the browser can use it', () => {
    const step = { step: 's', methods: ['webauthn', 'totp', 'unheard-of'] as never, webauthn: { challenge: 'AA' } }
    expect(methodsOf(step)).toEqual(['totp'])
    vi.stubGlobal('PublicKeyCredential', { parseRequestOptionsFromJSON: () => ({}) })
    expect(methodsOf(step)).toEqual(['webauthn', 'totp'])
    expect(methodsOf({ ...step, webauthn: undefined })).toEqual(['totp'])
  })
})

it('a session that has something to do first says so, and where', () => {
  const block = (code: string) => mount(StateBlock, { props: { problem: new Problem(403, code, '请先修改密码') }, global: { plugins: [router] } })
  expect(block('session.restricted').get('a').attributes('href')).toContain('/next-step')
  expect(block('session.restricted').text()).toContain('还有一步没有完成')
  expect([block('forbidden').find('a').exists(), block('forbidden').text()]).toEqual([false, expect.stringContaining('您无权查看')])
})

describe('the page of the next step', () => {
  const session = (...must: string[]) => () => Response.json({ account: TECHNICIAN, must })
  async function shown() {
    const page = mount(NextStepPage, { global: { plugins: [router] } })
    await flushPromises()
    return page
  }
  beforeEach(() => { me.account = TECHNICIAN; me.restricted = false })

  it.each([['password', '请先修改密码', '/mine#password'], ['factor', '请先启用两步验证', '/mine#factors']])('for %s says what is to be done and leads there', async (must, title, href) => {
    answers = { '/api/session': session(must) }
    const page = await shown()
    expect([page.get('h2').text(), page.get('a.go').attributes('href')]).toEqual([title, href])
  })

  it('is come to once by itself, and left for where one was when the step is done', async () => {
    await router.push('/mine')
    leadToNextStep()
    await vi.waitFor(() => expect(router.currentRoute.value.fullPath).toBe('/next-step?to=/mine'))
    answers = { '/api/session': session('password') }
    const page = await shown()
    await page.get('button.van-button').trigger('click')
    await flushPromises()
    expect([page.text().includes('还没有完成'), router.currentRoute.value.name]).toEqual([true, 'next-step'])
    await router.push('/me')
    leadToNextStep()
    await flushPromises()
    expect(router.currentRoute.value.fullPath).toBe('/me')
    await router.push('/next-step?to=/mine')
    answers = { '/api/session': session() }
    await page.get('button.van-button').trigger('click')
    await vi.waitFor(() => expect(router.currentRoute.value.fullPath).toBe('/mine'))
    expect(me.restricted).toBe(false)
  })
})
