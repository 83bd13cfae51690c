import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { Problem } from '../api/problem'
import MessagesPage from './MessagesPage.vue'
import { shownNumber } from './number'
import { tell } from './read'
import PreferencesSection from './PreferencesSection.vue'

const api = vi.hoisted(() => ({ get: vi.fn(), post: vi.fn(), put: vi.fn() }))
vi.mock('../api', () => api)
vi.mock('element-plus/es', async () => {
  const { defineComponent, h } = await import('vue')
  const block = defineComponent({ setup: (_, { slots }) => () => h('div', slots.default?.()) })
  const button = defineComponent({ props: ['loading', 'disabled'], setup: (props, { slots }) => () => h('button', { disabled: props.disabled }, slots.default?.()) })
  const checkbox = defineComponent({
    props: ['modelValue', 'disabled'],
    emits: ['update:modelValue'],
    setup: (props, { slots, emit }) => () => h('label', [h('input', { type: 'checkbox', checked: props.modelValue, disabled: props.disabled, onChange: () => emit('update:modelValue', !props.modelValue) }), slots.default?.()]),
  })
  return { ElMessage: vi.fn(), ElMessageBox: {}, ElAlert: block, ElButton: button, ElCheckbox: checkbox, ElIcon: block, ElResult: block, ElSkeleton: block, ElEmpty: block }
})

const MESSAGE = { id: 'm1', kind: 'k', title: '运维记录待签字', text: '请签字。', link: '/today', phone_link: null, at: '2026-11-24T02:00:00+00:00', read: false, done: false }
const page = (items: object[]) => ({ items, unread: items.length, next: null })

async function open(component: typeof MessagesPage | typeof PreferencesSection) {
  setActivePinia(createPinia())
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:any(.*)*', component }] })
  await router.push('/messages')
  const shown = mount(component, { global: { plugins: [router] } })
  await flushPromises()
  return { shown, router }
}

enableAutoUnmount(afterEach)
beforeEach(() => {
  for (const call of Object.values(api)) call.mockReset()
  api.post.mockResolvedValue(undefined)
  api.put.mockResolvedValue(undefined)
})

it('a message leads to what it is about, and is read then', async () => {
  api.get.mockResolvedValue(page([MESSAGE]))
  const { shown, router } = await open(MessagesPage)
  await shown.get('button.title').trigger('click')
  await flushPromises()
  expect(api.post).toHaveBeenCalledWith('/api/messages/read', { ids: ['m1'], all: false })
  expect(router.currentRoute.value.path).toBe('/today')
})

it('a message says which point and whose it is about', async () => {
  api.get.mockResolvedValue(page([{ ...MESSAGE, about: '车间废水测点 · 上海绿测环境运维有限公司' }]))
  const { shown } = await open(MessagesPage)
  expect(shown.get('li .about').text()).toBe('车间废水测点 · 上海绿测环境运维有限公司')
})

it('only what is unread is asked for, and an empty list says so', async () => {
  api.get.mockResolvedValue(page([]))
  const { shown } = await open(MessagesPage)
  expect(shown.html()).toContain('没有消息')
  await shown.get('input[type=checkbox]').trigger('change')
  await flushPromises()
  expect(api.get).toHaveBeenLastCalledWith('/api/messages', { query: { unread: true, after: null, limit: 20 } })
  expect(shown.html()).toContain('没有未读消息')
})

it('a new message comes on top when the bell hears of it, and what was asked for stays', async () => {
  const of = (...ids: string[]) => ids.map((id) => ({ ...MESSAGE, id, title: `消息 ${id}` }))
  api.get.mockResolvedValueOnce({ ...page(of('3', '2')), next: '2' }).mockResolvedValueOnce({ ...page(of('1')), next: null })
  const { shown } = await open(MessagesPage)
  await shown.findAll('button').find((button) => button.text() === '更早的消息')!.trigger('click')
  await flushPromises()
  const oldest = shown.findAll('li').at(-1)!.element
  api.get.mockResolvedValueOnce({ ...page(of('4', '3')), next: '3' })
  tell()
  await flushPromises()
  expect(shown.findAll('.title').map((title) => title.text())).toEqual(['消息 4', '消息 3', '消息 2', '消息 1'])
  expect(shown.findAll('li').at(-1)!.element).toBe(oldest)
  expect(shown.text()).not.toContain('更早的消息')
  api.get.mockRejectedValueOnce(new Problem(503, 'service.down', '服务暂时不可用。'))
  tell()
  await flushPromises()
  expect(shown.findAll('.title')).toHaveLength(4)
})

it('a list that does not come says why', async () => {
  api.get.mockRejectedValue(new Problem(503, 'service.down', '服务暂时不可用，请稍后重试。'))
  const { shown } = await open(MessagesPage)
  expect(shown.html()).toContain('服务暂时不可用')
})

it('what cannot be switched off is not sent as a choice', async () => {
  const channels = [{ channel: 'wechat', on: true, locked: true }, { channel: 'sms', on: true, locked: false }]
  api.get.mockResolvedValue({ items: [{ kind: 'k', name: '阻挠', channels }], quiet: { since: '22:00', until: '07:00', on: true }, digest: [{ hour: '08:30', on: true }, { hour: '20:00', on: false }] })
  const { shown } = await open(PreferencesSection)
  const [locked, sms] = shown.findAll('li input')
  expect(locked?.attributes('disabled')).toBeDefined()
  await sms?.trigger('change')
  await shown.get('form').trigger('submit')
  expect(api.put).toHaveBeenCalledWith('/api/messages/preferences', { body: { choices: [{ kind: 'k', channel: 'sms', on: false }], quiet: true, digest_hours: ['08:30'] } })
})

it('a refusal stands at the button, goes with the first change, and ways by which nothing comes are named', async () => {
  const channels = [{ channel: 'wechat', on: true, locked: true }, { channel: 'sms', on: false, locked: false }]
  api.get.mockResolvedValue({ items: [{ kind: 'k', name: '阻挠', channels }], quiet: { since: '22:00', until: '07:00', on: true }, digest: [{ hour: '08:30', on: false }], absent: ['email', 'sms'] })
  api.put.mockRejectedValue(new Problem(422, 'validation', '填写有误。', [{ field: 'digest_hours', rule: 'preference.hours', sentence: '请至少选择一个汇总时间，且须在规定的时间之内。' }]))
  const { shown } = await open(PreferencesSection)
  expect(shown.text()).toContain('短信：本平台还没有开通，选了现在也不会发送。')
  expect(shown.text()).not.toContain('电子邮件')
  await shown.get('form').trigger('submit')
  await flushPromises()
  expect(shown.get('.refused').attributes('title')).toBe('请至少选择一个汇总时间，且须在规定的时间之内。')
  expect(shown.get('.refused').element.nextElementSibling?.textContent).toContain('保存消息设置')
  await shown.findAll('input').at(-1)!.trigger('change')
  expect(shown.find('.refused').exists()).toBe(false)
})

it('a bell has room for two digits', () => {
  expect([1, 99, 100, 999].map(shownNumber)).toEqual(['1', '99', '99+', '99+'])
})
