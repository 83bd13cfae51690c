import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { Problem } from '../api/problem'
import MessagesPage from './MessagesPage.vue'
import { shownNumber } from './number'
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

it('only what is unread is asked for, and an empty list says so', async () => {
  api.get.mockResolvedValue(page([]))
  const { shown } = await open(MessagesPage)
  expect(shown.html()).toContain('没有消息')
  await shown.get('input[type=checkbox]').trigger('change')
  await flushPromises()
  expect(api.get).toHaveBeenLastCalledWith('/api/messages', { query: { unread: true, after: null, limit: 20 } })
  expect(shown.html()).toContain('没有未读消息')
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

it('a bell has room for two digits', () => {
  expect([1, 99, 100, 999].map(shownNumber)).toEqual(['1', '99', '99+', '99+'])
})
