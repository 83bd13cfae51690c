import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Component } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import type { Account, SecurityLine } from '../api/types'
import { useSession } from '../session'
import DemandsPage from './DemandsPage.vue'
import LocksPage from './LocksPage.vue'
import RootsPage from './RootsPage.vue'
import SecurityLogPage from './SecurityLogPage.vue'
import { accountText, lockText } from './words'

// The library's own table and pickers take seconds to mount; what is tested is what our pages put into them.
vi.mock('element-plus/es', async () => {
  const { defineComponent, h, inject, provide, toRef } = await import('vue')
  const block = (tag: string) => defineComponent({ props: ['loading'], setup: (_, { slots }) => () => h(tag, [slots.default?.(), slots.extra?.()]) })
  return {
    ElTable: defineComponent({ props: ['data'], setup: (props, { slots }) => (provide('rows', toRef(props, 'data')), () => h('div', slots.default?.())) }),
    ElTableColumn: defineComponent({
      inheritAttrs: false,
      props: ['prop'],
      setup: (props, { slots }) => ((rows) => () => rows.value.map((row) => h('span', slots.default?.({ row }) ?? String(row[props.prop]))))(inject<{ value: Record<string, unknown>[] }>('rows')!),
    }),
    ElResult: defineComponent({ props: ['title', 'subTitle'], setup: (props, { slots }) => () => h('div', [props.title, props.subTitle, slots.extra?.()]) }),
    ElEmpty: defineComponent({ props: ['description'], setup: (props) => () => h('p', props.description) }),
    ElAlert: defineComponent({ props: ['title'], setup: (props) => () => h('p', props.title) }),
    ElMessage: () => undefined, ElMessageBox: { confirm: () => Promise.resolve() },
    ElButton: block('button'), ElTag: block('i'), ElDialog: defineComponent({ setup: (_, { slots }) => () => h('div', [slots.default?.(), slots.footer?.()]) }), ElForm: block('form'), ElFormItem: defineComponent({ props: ['error'], setup: (props, { slots }) => () => h('div', [slots.default?.(), props.error]) }), ElRadioGroup: block('i'), ElRadio: block('i'),
    ElInput: defineComponent({ props: ['modelValue'], emits: ['update:modelValue'], setup: (props, { emit }) => () => h('input', { value: props.modelValue, onInput: (event: Event) => emit('update:modelValue', (event.target as HTMLInputElement).value) }) }),
     ElSelect: block('i'), ElOption: block('i'), ElDatePicker: block('i'), ElSkeleton: block('i'),
  }
})
const line = (id: number): SecurityLine => ({
  id, at: '2026-11-24T08:00:00Z', what: 'logged-in', text: '登录', result: 'done', actor: { id: '7', name: 'zhou', label: '周' }, account: null, kind: 'enterprise',
  organisation: null, organisation_name: '清泉化工', district: null, address: '198.51.100.7', device: '电脑 · Chrome', detail: { path: '/api/colleagues' }, explanation: '本单位账户名单',
})
const asked: string[] = []
let page: VueWrapper
let answers: Record<string, () => Response>

async function open(which: Component, path: string) {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:any(.*)*', name: 'page', component: { render: () => null } }] })
  await router.push(path)
  const shown = (page = mount(which, { global: { plugins: [router] }, attachTo: document.body }))
  await flushPromises()
  return { shown, router }
}

afterEach(() => page?.unmount())
beforeEach(() => {
  setActivePinia(createPinia())
  useSession().account = { id: '9', kind: 'administrator', role: 'security' } as Account
  asked.length = 0
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined, removeEventListener: () => undefined }))
  vi.stubGlobal('fetch', async (request: Request) => {
    const { pathname, search } = new URL(request.url)
    asked.push(`${request.method} ${pathname}${search}`)
    return answers[`${request.method} ${pathname}`]?.() ?? Response.json({ title: '没有', code: 'missing' }, { status: 404 })
  })
})

describe('the security log', () => {
  const words = { 'GET /api/security-log/words': () => Response.json({ words: { 'logged-in': '登录' } }) }

  it('is asked for what stands in the address, and goes on from where a page ends', async () => {
    answers = { ...words, 'GET /api/security-log': () => Response.json({ items: [line(9)], next: '9' }) }
    const { shown } = await open(SecurityLogPage, '/security-log?account=zhou&result=done')
    expect(asked).toContain('GET /api/security-log?account=zhou&result=done&limit=50')
    expect(shown.text()).toContain('周 · zhou')
    expect(shown.text()).toContain('本单位账户名单')
    expect(shown.text()).not.toContain('/api/colleagues')
    await shown.findAll('button').find((button) => button.text() === '显示更多')!.trigger('click')
    await flushPromises()
    expect(asked.at(-1)).toBe('GET /api/security-log?account=zhou&result=done&after=9&limit=50')
  })

  it('in a narrow window shows every part of a line without sliding, and a lock is no success', async () => {
    vi.stubGlobal('matchMedia', () => ({ matches: true, addEventListener: () => undefined, removeEventListener: () => undefined }))
    const locked = { ...line(9), what: 'locked', text: '多次失败后锁定', actor: null, account: { id: '7', name: 'zhou', label: '周' } }
    answers = { ...words, 'GET /api/security-log': () => Response.json({ items: [locked], next: null }) }
    const { shown } = await open(SecurityLogPage, '/security-log')
    const text = shown.get('li').text()
    for (const part of ['多次失败后锁定', '已锁定', '周 · zhou', '本单位账户名单', '清泉化工 · 198.51.100.7 · 电脑 · Chrome']) expect(text).toContain(part)
    expect(text).not.toContain('成功')
  })

  it.each([['/security-log', '安全日志还没有记录'], ['/security-log?account=x', '没有符合条件的记录']])('of %s says where nothing is found: %s', async (path, said) => {
    answers = { ...words, 'GET /api/security-log': () => Response.json({ items: [], next: null }) }
    expect((await open(SecurityLogPage, path)).shown.text()).toContain(said)
  })

  it('says so where one may not read it', async () => {
    answers = { 'GET /api/security-log': () => Response.json({ title: '您没有执行此操作的权限。', code: 'forbidden' }, { status: 403 }) }
    expect((await open(SecurityLogPage, '/security-log')).shown.text()).toContain('您无权查看')
  })
})

describe('locks and sessions', () => {
  const lock = { id: '6e01', of: 'log-in', account: { id: '7', name: 'zhou', label: '周' }, address: null, until: '2026-11-24T08:15:00Z' }
  const watched = (given: object) => ({ id: '7', name: 'zhou', label: '周', kind: 'enterprise', role: 'manager', organisation_name: null, locked: false, guarded: false, sessions: [], ...given })

  it('are released one by one, and one that has ended meanwhile is no error', async () => {
    let there = [lock]
    answers = {
      'GET /api/security/locks': () => Response.json({ items: there }),
      'POST /api/security/locks/release': () => ((there = []), Response.json({ title: '没有', code: 'missing' }, { status: 404 })),
    }
    const { shown } = await open(LocksPage, '/security/locks')
    await shown.get('button[aria-label="解除 周 · zhou 的锁定"]').trigger('click')
    await flushPromises()
    expect(shown.text()).toContain('现在没有锁定')
    expect(shown.text()).not.toContain('出错了')
  })

  it('offer neither the own account nor those who watch to be locked', async () => {
    const items = [watched({}), watched({ id: '9', name: 'me', label: '我' }), watched({ id: '8', name: 'audit', label: '审计', guarded: true, sessions: [{ id: '1', device: 'Chrome', address: '198.51.100.7', since: '2026-11-24T08:00:00Z', last_seen: '2026-11-24T08:00:00Z' }] })]
    answers = { 'GET /api/security/locks': () => Response.json({ items: [] }), 'GET /api/security/sessions': () => Response.json({ items, more: false }) }
    const { shown } = await open(LocksPage, '/security/locks?account=a')
    expect(shown.findAll('button').filter((button) => button.text() === '停用账户').length).toBe(1)
    expect(shown.findAll('button').filter((button) => button.text().startsWith('结束')).length).toBe(0)
    expect(shown.text()).toContain('管理员账户在服务器上办理')
  })

  it('of an account are locked after a question', async () => {
    answers = {
      'GET /api/security/locks': () => Response.json({ items: [] }),
      'GET /api/security/sessions': () => Response.json({ items: [watched({})], more: false }),
      'POST /api/security/accounts/7/lock': () => new Response(null, { status: 204 }),
    }
    const { shown } = await open(LocksPage, '/security/locks?account=zhou')
    await shown.findAll('button').find((button) => button.text() === '停用账户')!.trigger('click')
    await flushPromises()
    expect(asked).toContain('POST /api/security/accounts/7/lock')
  })
})

describe('the demand of the certificate', () => {
  it('is ended by who shows the password once more, and stays where that is wrong', async () => {
    let items = [{ organisation: 'o1', name: '清泉化工', since: '2026-11-24T08:00:00Z', suspended_until: null, managers: 1 }]
    let wrong = true
    answers = {
      'GET /api/security/certificate-demands': () => Response.json({ items }),
      'GET /api/factors': () => Response.json({ totp: false }),
      'POST /api/admin/organisations/o1/certificate-demand': () => {
        if (wrong) return Response.json({ title: '请检查', code: 'invalid', errors: [{ field: 'password', rule: 'wrong', sentence: '登录密码不正确。' }] }, { status: 422 })
        items = []
        return new Response(null, { status: 204 })
      },
    }
    const { shown } = await open(DemandsPage, '/security/demands')
    await shown.get('button[aria-label="取消要求，清泉化工"]').trigger('click')
    const go = () => shown.findAll('button').at(-1)!.trigger('click').then(flushPromises)
    await go()
    expect(asked.some((request) => request.startsWith('POST'))).toBe(false)
    await shown.get('input').setValue('secret')
    await go()
    expect(shown.text()).toContain('登录密码不正确。')
    wrong = false
    await go()
    expect(shown.text()).toContain('没有单位要求用证书登录')
  })
})

it('who is logged or locked has a name where one is known', () => {
  expect(accountText(null)).toBe('—')
  expect(accountText({ id: '7', name: null, label: null })).toBe('7')
  expect(lockText({ id: '6e', of: 'log-in', account: null, address: null, until: '' })).toBe('没有这个账户名')
  expect(lockText({ id: '69', of: 'invitation', account: null, address: '198.51.100.8', until: '' })).toBe('198.51.100.8')
  expect(lockText({ id: '6c', of: 'lost-key', account: null, address: '198.51.100.9', until: '' })).toBe('198.51.100.9')
  expect(lockText({ id: '61', of: 'address', account: null, address: '198.51.100.7', until: '' })).toBe('198.51.100.7')
})

describe('whom certificates are believed from', () => {
  const own = { part: 'root', subject: 'CN=根', issuer: 'CN=根', serial: '1', valid_from: '2026-01-01T00:00:00Z', valid_to: '2027-01-01T00:00:00Z', valid: true }
  it('says when it was checked, and whose list is overdue or not there', async () => {
    const lists = [{ list_made_at: '2026-11-22T00:00:00Z', list_next_at: '2026-11-23T00:00:00Z', list_overdue: true }, { list_made_at: null, list_next_at: null, list_overdue: true }]
    const certificates = lists.map((list, index) => ({ ...own, ...list, serial: `${index}` }))
    answers = { 'GET /api/security/roots': () => Response.json({ at: '2026-11-24T08:01:00Z', certificates, lists: [] }) }
    const { shown } = await open(RootsPage, '/security/roots')
    expect(shown.text()).toMatch(/检查时间 2026-11-24 16:01/)
    expect(shown.text()).toMatch(/2026-11-22 08:00(:00)? 签发 ?已过更新时间/)
    expect(shown.text()).toContain('没有')
    expect(shown.text().match(/已过更新时间/g)).toHaveLength(1)
  })
})
