import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import type { Account } from '../api/types'
import { useSession } from '../session'
import MyCertificates from './MyCertificates.vue'

vi.mock('element-plus/es', async () => ({
  ...(await import('../filing/own/testing')),
  ElSwitch: defineComponent({ props: ['modelValue'], emits: ['change'], setup: (props, { emit }) => () => h('button', { role: 'switch', 'aria-checked': String(props.modelValue), onClick: () => emit('change', !props.modelValue) }) }),
}))

const DEMAND = '/api/organisation/certificate-demand'
const posted: unknown[] = []
let demanded: boolean
let page: VueWrapper

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  if (pathname === '/api/certificates') return Response.json({ items: [] })
  if (pathname === '/api/factors') return Response.json({ password: true, totp: false, certificate: false, keys: [] })
  if (request.method === 'GET') return Response.json({ demanded, since: null, suspended_until: null })
  const body = await request.json()
  posted.push(body)
  if (body.password === 'wrong') return Response.json({ code: 'command.invalid', title: '填写的内容有误。', errors: [{ field: 'password', rule: 'password-wrong', sentence: '登录密码不正确。' }] }, { status: 422 })
  demanded = body.demanded
  return new Response(null, { status: 204 })
}

const toggle = async () => {
  await page.find('[role=switch]').trigger('click')
  await flushPromises()
}
const question = () => page.find('[role=dialog]')
const press = async (name: string) => {
  await question().findAll('button').find((one) => one.text() === name)!.trigger('click')
  await flushPromises()
}

beforeEach(async () => {
  setActivePinia(createPinia())
  useSession().account = { id: 'zhou', kind: 'enterprise', role: 'manager' } as Account
  posted.length = 0
  demanded = false
  vi.stubGlobal('fetch', async (request: Request) => (new URL(request.url).pathname === DEMAND || request.method === 'GET' ? answer(request) : new Response(null, { status: 204 })))
  page = mount(MyCertificates, { global: { stubs: { AddCertificate: true, teleport: true } } })
  await flushPromises()
})
afterEach(() => {
  page.unmount()
  vi.unstubAllGlobals()
})

describe('the demand that managers log in by certificate', () => {
  it('is not made by one click: a question says what follows, and asks who it is', async () => {
    await toggle()
    expect(posted).toEqual([])
    expect(page.find('[role=switch]').attributes('aria-checked')).toBe('false')
    expect(question().text()).toContain('不能再用密码或微信登录')
    expect(question().text()).toContain('只能用证书登录后在这里关闭，或请平台的安全管理员办理')
    await press('要求用证书登录')
    expect(posted).toEqual([])
    await press('取消')
    expect(question().exists()).toBe(false)
    expect(posted).toEqual([])
  })

  it('is made by whoever types the password, and says at the field what was wrong', async () => {
    await toggle()
    await question().find('input').setValue('wrong')
    await press('要求用证书登录')
    expect(question().find('em').text()).toBe('登录密码不正确。')
    await question().find('input').setValue('secret words')
    await press('要求用证书登录')
    expect(posted.at(-1)).toEqual({ demanded: true, password: 'secret words' })
    expect(question().exists()).toBe(false)
    expect(page.find('[role=switch]').attributes('aria-checked')).toBe('true')
  })

  it('is ended without a password: only a session that came by certificate may', async () => {
    demanded = true
    page.unmount()
    page = mount(MyCertificates, { global: { stubs: { AddCertificate: true, teleport: true } } })
    await flushPromises()
    await toggle()
    expect(posted).toEqual([{ demanded: false }])
  })
})
