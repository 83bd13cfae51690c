import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { post } from '../api'
import { Problem } from '../api/problem'
import CertificateLogIn from '../login/CertificateLogIn.vue'
import AddCertificate from './AddCertificate.vue'
import CodePassword from './CodePassword.vue'
import { contactPage, stepOf, type LostKey } from './lostKeys'
import LostKeyPage from './LostKeyPage.vue'
import AgainFields from '../factors/AgainFields.vue'
import { ownFactors } from '../factors/api'
import { findService } from './signing'

vi.mock('../api', async (original) => ({ ...(await original<object>()), post: vi.fn() }))
vi.mock('../factors/api', async (original) => ({ ...(await original<object>()), ownFactors: vi.fn() }))
vi.mock('./signing', async (original) => ({ ...(await original<object>()), findService: vi.fn() }))
const posted = vi.mocked(post)
const finding = vi.mocked(findService)
const HELD = { key: 'A1', organisation: '甲运维', uscc: '91310118MA1K2B3C47', serial: 'A1', validFrom: null, validTo: '2099-01-01T00:00:00Z', locked: false }
const signed: string[] = []
const service = { name: '演示', at: '1', certificates: () => Promise.resolve([HELD]), sign: (text: string) => { signed.push(text); return Promise.resolve({ certificate: 'c', signature: 's' }) } }

async function mounted(page: object, at = '/login') {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:any(.*)*', component: { render: () => null } }] })
  await router.push(at)
  const wrapper = mount(page, { global: { plugins: [router], stubs: { HelpLink: true } } })
  await flushPromises()
  return { wrapper, router }
}

const press = async (wrapper: Awaited<ReturnType<typeof mounted>>['wrapper'], text: string) => {
  await wrapper.findAll('button').find((button) => button.text() === text)!.trigger('click')
  await flushPromises()
}

beforeEach(() => {
  setActivePinia(createPinia())
  signed.length = 0
  posted.mockReset()
  finding.mockReset().mockResolvedValue(service)
})

function answers(registered: boolean): void {
  posted.mockImplementation(((path: string) => Promise.resolve(path === '/api/session/challenges' ? { id: '1', text: '清源登录' } : { account: { id: '2' }, registered })) as unknown as typeof post)
}

describe('the log-in with a certificate', () => {
  it('shows whose it is, signs the text of the server, and sends what was signed', async () => {
    answers(false)
    const { wrapper, router } = await mounted(CertificateLogIn)
    expect(wrapper.text()).toContain('甲运维')
    expect(wrapper.find('input[type=text], input[type=password]').exists()).toBe(false)
    await press(wrapper, '用证书登录')
    expect(signed).toEqual(['清源登录'])
    expect(posted).toHaveBeenLastCalledWith('/api/session/certificate', { challenge: '1', certificate: 'c', signature: 's' })
    expect(wrapper.emitted('opened')).toEqual([[{ id: '2' }]])
    expect(router.currentRoute.value.query.to).toBeUndefined()
  })

  it('leads to the filing after the organisation was registered, unless another page was asked for', async () => {
    answers(true)
    const first = await mounted(CertificateLogIn)
    await press(first.wrapper, '用证书登录')
    expect(first.router.currentRoute.value.query.to).toBe('/filing')
    const asked = await mounted(CertificateLogIn, '/login?to=/duties')
    await press(asked.wrapper, '用证书登录')
    expect(asked.router.currentRoute.value.query.to).toBe('/duties')
  })

  it('asks an organisation that is not known what it is, and signs a second challenge to register it', async () => {
    answers(true)
    const refused = new Problem(409, 'certificate.unknown-organisation', '还没有登记', [], undefined, { organisation: '甲运维', uscc: HELD.uscc })
    const known = posted.getMockImplementation()!
    posted.mockImplementation(((path: string, body: { register?: string }) => (path === '/api/session/certificate' && !body.register ? Promise.reject(refused) : (known as (path: string) => Promise<never>)(path))) as unknown as typeof post)
    const { wrapper } = await mounted(CertificateLogIn)
    await press(wrapper, '用证书登录')
    expect(wrapper.emitted('opened')).toBeUndefined()
    expect(wrapper.find('section').text()).toContain(HELD.uscc)
    expect(wrapper.text()).toContain('本单位是排污单位：请联系平台管理员开户')
    await press(wrapper, '本单位是运维机构，登记并进入')
    expect(signed).toHaveLength(2)
    expect(posted).toHaveBeenLastCalledWith('/api/session/certificate', { challenge: '1', certificate: 'c', signature: 's', register: 'operator' })
    expect(wrapper.emitted('opened')).toEqual([[{ id: '2' }]])
  })

  it('makes an account for somebody new only when that is said: else a renewed key shuts its manager out', async () => {
    answers(false)
    const refused = new Problem(409, 'certificate.unknown-holder', '这张证书还没有绑定账户。')
    const known = posted.getMockImplementation()!
    posted.mockImplementation(((path: string, body: { register?: string }) => (path === '/api/session/certificate' && !body.register ? Promise.reject(refused) : (known as (path: string) => Promise<never>)(path))) as unknown as typeof post)
    const { wrapper } = await mounted(CertificateLogIn)
    expect(wrapper.text()).not.toContain('新建账户')
    await press(wrapper, '用证书登录')
    expect(wrapper.text()).toContain('这张证书还没有绑定账户。')
    expect(wrapper.emitted('opened')).toBeUndefined()
    await press(wrapper, '我是运维人员，新建账户并进入')
    expect(posted).toHaveBeenLastCalledWith('/api/session/certificate', { challenge: '1', certificate: 'c', signature: 's', register: 'technician' })
    expect(wrapper.emitted('opened')).toEqual([[{ id: '2' }]])
  })

  it('registers nobody who goes back', async () => {
    posted.mockImplementation(((path: string) => (path === '/api/session/certificate' ? Promise.reject(new Problem(409, 'certificate.unknown-organisation', '', [], undefined, { organisation: '甲', uscc: '9' })) : Promise.resolve({ id: '1', text: '清源登录' }))) as unknown as typeof post)
    const { wrapper } = await mounted(CertificateLogIn)
    await press(wrapper, '用证书登录')
    await press(wrapper, '返回，不登记')
    expect(wrapper.find('section').exists()).toBe(false)
    expect(wrapper.text()).toContain('用证书登录')
    expect(posted.mock.calls.filter(([path]) => path === '/api/session/certificate')).toHaveLength(1)
  })

  it('says what the server refused, and where to look', async () => {
    posted.mockRejectedValue(new Problem(401, 'certificate.revoked', '证书已被发证机构吊销。'))
    const { wrapper } = await mounted(CertificateLogIn)
    await press(wrapper, '用证书登录')
    expect(wrapper.text()).toContain('证书已被发证机构吊销。')
    expect(wrapper.findAll('a').map((link) => link.attributes('href'))).toEqual(['/login/certificate', '/login/lost-key'])
    expect(wrapper.emitted('opened')).toBeUndefined()
  })

  it('looks again when the key was plugged in later', async () => {
    finding.mockResolvedValueOnce({ ...service, certificates: () => Promise.resolve([]) })
    const { wrapper } = await mounted(CertificateLogIn)
    expect(wrapper.text()).toContain('没有插入密钥')
    await press(wrapper, '重新查找')
    expect(wrapper.text()).toContain('甲运维')
  })
})

describe('one more certificate', () => {
  const has = (own: object) => {
    vi.mocked(ownFactors).mockResolvedValue(own as never)
    posted.mockImplementation(((path: string) => Promise.resolve({ id: path, text: path })) as unknown as typeof post)
  }
  const sent = () => posted.mock.calls.filter(([path]) => (path as string) === '/api/certificates').map(([, body]) => body)
  const submit = async (wrapper: Awaited<ReturnType<typeof mounted>>['wrapper']) => {
    await wrapper.find('form').trigger('submit')
    await flushPromises()
  }
  const proof = (challenge: string) => ({ challenge, certificate: 'c', signature: 's' })

  it('is added by whoever types the password', async () => {
    has({ password: true, totp: false, certificate: false })
    const { wrapper } = await mounted(AddCertificate)
    expect(wrapper.find('button').attributes('disabled')).toBeDefined()
    await wrapper.find('input[type=password]').setValue('secret words')
    await submit(wrapper)
    expect(sent()).toEqual([{ password: 'secret words', added: proof('/api/certificates/challenges') }])
    expect(wrapper.emitted('added')).toHaveLength(1)
  })

  it('is plugged in after another one of the account has signed', async () => {
    has({ password: false, totp: false, certificate: true })
    const { wrapper } = await mounted(AddCertificate)
    await submit(wrapper)
    expect(signed).toEqual(['/api/factors/identity/challenges'])
    expect(wrapper.text()).toContain('换上要添加的密钥')
    await submit(wrapper)
    expect(sent()).toEqual([{ proof: proof('/api/factors/identity/challenges'), added: proof('/api/certificates/challenges') }])
  })

  it('says which field was wrong, and asks again', async () => {
    has({ password: true, totp: false, certificate: false })
    const wrong = new Problem(422, 'invalid', '有误', [{ field: 'password', rule: 'password-wrong', sentence: '登录密码不正确。' }])
    posted.mockImplementation(((path: string) => (path === '/api/certificates' ? Promise.reject(wrong) : Promise.resolve({ id: path, text: path }))) as unknown as typeof post)
    const { wrapper } = await mounted(AddCertificate)
    await wrapper.find('input[type=password]').setValue('wrong')
    await submit(wrapper)
    expect(wrapper.findComponent(AgainFields).props('problem')?.byField.password).toBe('登录密码不正确。')
    expect(wrapper.emitted('added')).toBeUndefined()
  })
})

describe('a lost key', () => {
  const fill = async (wrapper: Awaited<ReturnType<typeof mounted>>['wrapper'], texts: string[]) => {
    const inputs = wrapper.findAll('input, textarea')
    for (const [at, text] of texts.entries()) await inputs[at]!.setValue(text)
  }

  it('promises the code to the contact on record, never to the number in the request', async () => {
    const { wrapper } = await mounted(LostKeyPage)
    expect(wrapper.text()).toContain('不会发到申请里填写的号码')
    expect(wrapper.text()).not.toContain('按您留下的联系方式')
  })

  it('is asked for once however often it is pressed after a failure', async () => {
    posted.mockRejectedValueOnce(new Problem(502, 'answer.broken', '请重试。')).mockResolvedValue({ id: 'x' } as never)
    const { wrapper } = await mounted(LostKeyPage)
    await fill(wrapper, ['91310118MA1K2B3C47', '王', '021', '丢失'])
    for (let times = 0; times < 2; times++) {
      await wrapper.find('form').trigger('submit')
      await flushPromises()
    }
    const ids = posted.mock.calls.map(([, body]) => (body as { id: string }).id)
    expect(ids).toHaveLength(2)
    expect(ids[0]).toBe(ids[1])
    expect(wrapper.text()).toContain('申请编号 x')
  })

  it('sets no password that was typed in two ways, and names the account of the code', async () => {
    posted.mockResolvedValue({ account: 'abc-1' } as never)
    const { wrapper } = await mounted(CodePassword)
    await fill(wrapper, ['CODE', 'one password', 'another'])
    await wrapper.find('form').trigger('submit')
    expect(posted).not.toHaveBeenCalled()
    await fill(wrapper, ['CODE', 'one password', 'one password'])
    await wrapper.find('form').trigger('submit')
    await flushPromises()
    expect(wrapper.text()).toContain('abc-1')
  })

  it('names the page on which the contact of the organisation stands, and none where nobody has the code', () => {
    expect(contactPage({ organisation: 'o1', kind: 'operator' })?.to).toBe('/filings/o1')
    expect(contactPage({ organisation: 'e1', kind: 'enterprise' })?.to).toBe('/enterprises')
    expect(contactPage({ organisation: null, kind: null })).toBeNull()
  })

  it.each([
    ['asked', null, 'review'], ['asked', 'system', 'review'], ['asked', 'security', null], ['asked', 'audit', null],
    ['reviewed', 'security', 'decide'], ['reviewed', 'system', null], ['approved', 'security', 'again'], ['used', 'security', null], ['refused', 'security', null],
  ] as const)('that is %s shows %s the step %s', (state, role, step) => {
    expect(stepOf({ state, again_until: null as string | null } as LostKey, role)).toBe(step)
  })

  it('has what was approved long ago reviewed anew', () => {
    const approved = (again_until: string) => ({ state: 'approved', again_until }) as LostKey
    expect(stepOf(approved('2020-01-01T00:00:00Z'), 'system')).toBe('review')
    expect(stepOf(approved('2099-01-01T00:00:00Z'), 'system')).toBeNull()
  })
})
