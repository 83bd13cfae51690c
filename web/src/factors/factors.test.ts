import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Problem } from '../api/problem'
import { dueOf, giveFactor } from './api'
import QrCode from './QrCode.vue'
import AgainFields from './AgainFields.vue'
import RecoveryCodes from './RecoveryCodes.vue'
import SecondFactor from './SecondFactor.vue'
import SecondStep from './SecondStep.vue'

const asked: { path: string; body: unknown }[] = []
let answers: Record<string, { status?: number; body: unknown }> = {}
const startAuthentication = vi.hoisted(() => vi.fn(async () => ({ id: 'key', rawId: 'key', response: {}, type: 'public-key' })))
const signWithCertificate = vi.hoisted(() => vi.fn(async (text: string) => ({ certificate: 'c', signature: `signed ${text}` })))

vi.mock('@simplewebauthn/browser', () => ({ startAuthentication, startRegistration: vi.fn() }))
vi.mock('../certificates/signing', () => ({ signWithCertificate }))
vi.mock('element-plus/es', () => import('../filing/own/testing'))

const DUE = { step: 's', methods: ['totp' as const, 'recovery' as const], webauthn: null }
const ACCOUNT = { id: '1', name: 'zhou' }
const OWN = { totp: true, totp_available: true, webauthn: [], recovery_left: 10, demanded: false }

beforeEach(() => {
  setActivePinia(createPinia())
  asked.length = 0
  answers = {}
  vi.stubGlobal('PublicKeyCredential', class {})
  vi.stubGlobal('fetch', async (request: Request) => {
    const path = new URL(request.url).pathname
    asked.push({ path, body: request.method === 'POST' ? await request.json() : null })
    const { status = 200, body } = answers[path] ?? { status: 404, body: { code: 'route.unknown', title: '没有' } }
    return Response.json(body, { status })
  })
})

describe('a second step', () => {
  it('is due only where the refusal says so', () => {
    expect(dueOf(new Problem(409, 'log-in.second-step', '', [], undefined, DUE))).toEqual(DUE)
    expect(dueOf(new Problem(401, 'credentials.wrong', ''))).toBe(null)
    expect(dueOf(new TypeError('offline'))).toBe(null)
  })

  it('sends the code and opens, and after a wrong one says why and asks again', async () => {
    answers['/api/session/step'] = { status: 401, body: { code: 'log-in.code-wrong', title: '验证未通过' } }
    const page = mount(SecondStep, { props: { due: DUE } })
    await page.get('input').setValue('123456')
    await page.trigger('submit')
    await flushPromises()
    expect(asked).toEqual([{ path: '/api/session/step', body: { step: 's', method: 'totp', code: '123456' } }])
    expect([page.html().includes('验证未通过'), page.emitted('opened')]).toEqual([true, undefined])
    answers['/api/session/step'] = { body: { account: ACCOUNT } }
    await page.get('input').setValue('654321')
    await page.trigger('submit')
    await flushPromises()
    expect(page.emitted('opened')).toEqual([[ACCOUNT]])
  })
})

describe('the second factor of a signature', () => {
  it('is the password, unless something else is chosen', async () => {
    answers['/api/factors'] = { body: { ...OWN, signing: ['password', 'totp'] } }
    answers['/api/second-factor'] = { body: { token: 'once' } }
    const page = mount(SecondFactor, { props: { busy: false } })
    await flushPromises()
    expect(page.vm.missing()).toBe('请输入登录密码。')
    await page.get('input').setValue('secret')
    expect(page.vm.missing()).toBe('')
    expect(await page.vm.give(['aa'])).toEqual({ token: 'once' })
    expect(asked.at(-1)).toEqual({ path: '/api/second-factor', body: { over: ['aa'], method: 'password', password: 'secret' } })
    expect(page.vm.missing()).toBe('请输入登录密码。')
  })

  it('is what an account without a password has', async () => {
    answers['/api/factors'] = { body: { ...OWN, totp: false, signing: ['certificate'] } }
    const page = mount(SecondFactor, { props: { busy: false } })
    await flushPromises()
    expect([page.find('input').exists(), page.vm.missing()]).toEqual([false, ''])
  })

  it('by certificate signs the text that the server made of the hashes', async () => {
    answers['/api/second-factor/challenges'] = { body: { id: 'c1', text: '清源签字', webauthn: null } }
    answers['/api/second-factor'] = { body: { token: 'once' } }
    await giveFactor({ method: 'certificate', password: '', code: '' }, ['aa'])
    expect(signWithCertificate).toHaveBeenCalledExactlyOnceWith('清源签字')
    expect(asked.at(-1)?.body).toEqual({ over: ['aa'], method: 'certificate', challenge: 'c1', certificate: 'c', signature: 'signed 清源签字' })
  })

  it('by a key that was not touched says so and sends nothing', async () => {
    answers['/api/second-factor/challenges'] = { body: { id: 'c1', text: null, webauthn: { challenge: 'x' } } }
    startAuthentication.mockRejectedValueOnce(new Error('The operation was aborted.'))
    await expect(giveFactor({ method: 'webauthn', password: '', code: '' }, ['aa'])).rejects.toMatchObject({ code: 'webauthn.not-done' })
    expect(asked.map(({ path }) => path)).toEqual(['/api/second-factor/challenges'])
  })
})

describe('who changes the ways of logging in', () => {
  it('is asked for the certificate where the account has no password', async () => {
    const page = mount(AgainFields, { props: { own: { totp: false, password: false, certificate: true }, problem: null, modelValue: { password: '' } } })
    await flushPromises()
    expect(page.emitted('update:modelValue')).toEqual([[{ certificate: true }]])
    await page.setProps({ modelValue: { certificate: true } })
    expect(page.find('input').exists()).toBe(false)
    expect(page.text()).toContain('PIN')
  })

  it('chooses among what the account has', () => {
    const page = mount(AgainFields, { props: { own: { totp: true, password: true, certificate: true }, problem: null, modelValue: { password: '' } } })
    for (const word of ['登录密码', '验证器动态码', '法人一证通']) expect(page.html()).toContain(word)
  })
})

describe('what is shown once', () => {
  it('is drawn here and asks no host', () => {
    const page = mount(QrCode, { props: { text: 'otpauth://totp/x?secret=ABC', label: '验证器二维码' } })
    expect(page.get('svg').attributes('aria-label')).toBe('验证器二维码')
    expect(page.get('path').attributes('d')).toMatch(/^M\d+ \d+h1v1h-1z/)
    expect(asked).toEqual([])
  })

  it('is copied whole', async () => {
    const writeText = vi.fn(async () => undefined)
    vi.stubGlobal('navigator', { clipboard: { writeText } })
    const page = mount(RecoveryCodes, { props: { codes: ['aaaa-bbbb', 'cccc-dddd'] } })
    await page.findAll('button')[0]!.trigger('click')
    expect(writeText).toHaveBeenCalledExactlyOnceWith('aaaa-bbbb\ncccc-dddd')
  })
})
