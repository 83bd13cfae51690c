import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, shallowRef } from 'vue'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'
import type { Account } from '../api/types'
import { draftOf } from '../forms/drafts'
import { useUnsaved } from '../forms/unsaved'
import { useSession } from '../session'
import MainLayout from './MainLayout.vue'
import OtherAccount from './OtherAccount.vue'

const there = vi.hoisted(() => ({ other: null as unknown as { value: Account | null } }))
vi.mock('../whose', async (original) => {
  const vue = await import('vue')
  there.other = vue.shallowRef<Account | null>(null)
  return { ...(await original<object>()), other: there.other }
})
vi.mock('element-plus/es', async () => {
  const testing = await import('../filing/own/testing')
  const block = testing.ElForm
  return { ...testing, ElDropdown: block, ElDropdownMenu: block, ElDropdownItem: block }
})

const ZHOU = { id: 'zhou', label: '周敏', kind: 'enterprise', role: 'manager' } as Account
const typed = shallowRef('')
/** As many pages do: it reads of whom it is, and holds a form. */
const Page = defineComponent(() => {
  const session = useSession()
  const unsaved = useUnsaved(() => typed.value, () => undefined)
  void unsaved.begin('outlet/7', '修改排口')
  return () => h('p', { class: 'page' }, session.account!.kind)
})
let page: VueWrapper
const wrong = vi.fn()

async function open(): Promise<void> {
  const routes = [{ path: '/login', name: 'login', component: { render: () => h('i') } }, { path: '/', component: MainLayout, children: [{ path: '', component: Page }] }]
  const router = createRouter({ history: createMemoryHistory(), routes })
  await router.push('/')
  const App = defineComponent(() => () => [h(RouterView), h(OtherAccount)])
  const stubs = { MainMenu: true, MessageBell: true, HelpLink: true, PasswordDialog: true, IdleWarning: true }
  page = mount(App, { global: { plugins: [router], stubs, config: { errorHandler: wrong, warnHandler: () => undefined } } })
  await flushPromises()
}

beforeEach(async () => {
  setActivePinia(createPinia())
  sessionStorage.clear()
  wrong.mockReset()
  typed.value = ''
  there.other.value = null
  vi.stubGlobal('fetch', async () => new Response(null, { status: 204 }))
  useSession().account = { ...ZHOU }
  await open()
})
afterEach(() => {
  page?.unmount()
  vi.unstubAllGlobals()
})

describe('a page of which the account is gone', () => {
  it('is shown no more after a log-out, before the log-in has come', async () => {
    expect(page.find('.page').text()).toBe('enterprise')
    await useSession().logOut(false)
    await flushPromises()
    expect(wrong).not.toHaveBeenCalled()
    expect(page.find('.page').exists()).toBe(false)
  })
})

describe('the notice of another account', () => {
  it('names both, leads to a fresh page, and keeps what was typed', async () => {
    expect(page.text()).not.toContain('刷新页面')
    typed.value = '没有保存'
    there.other.value = { ...ZHOU, id: 'chen', label: '陈签字' }
    await flushPromises()
    expect(page.text()).toContain('这个浏览器现在登录的是“陈签字”，本页是“周敏”的')
    expect(page.text()).toContain('“修改排口”中填写的内容已保留')
    expect(draftOf('zhou', 'outlet/7')?.typed).toBe('没有保存')
    expect(page.findAll('button').some((one) => one.text() === '刷新页面')).toBe(true)
  })

  it('stands until the page is loaded anew', async () => {
    there.other.value = { ...ZHOU, id: 'chen', label: '陈签字' }
    await flushPromises()
    there.other.value = null
    await flushPromises()
    expect(page.text()).toContain('陈签字')
  })
})
