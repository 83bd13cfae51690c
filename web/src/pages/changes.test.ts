import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import type { Account } from '../api/types'
import { useSession } from '../session'
import ChangesPage from './ChangesPage.vue'

vi.mock('element-plus/es', async () => {
  const { defineComponent, h } = await import('vue')
  const block = defineComponent({ setup: (_, { slots }) => () => h('div', slots.default?.()) })
  return { ElButton: block, ElSelect: block, ElOption: block, ElPagination: block, ElSkeleton: block, ElResult: block, ElEmpty: block, ElTable: block, ElTableColumn: { render: () => null }, ElTag: block, ElDialog: block, ElForm: block, ElFormItem: block, ElInput: block, ElDatePicker: block, ElAlert: block, ElTooltip: block }
})
vi.mock('../components/EndDialog.vue', () => ({ default: { render: () => null } }))
vi.mock('../components/DownloadButton.vue', () => ({ default: { props: ['path'], template: '<a :href="path" />' } }))

const asked: URL[] = []

beforeEach(() => {
  setActivePinia(createPinia())
  asked.length = 0
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined, removeEventListener: () => undefined }))
  vi.stubGlobal('fetch', async (request: Request) => {
    const url = new URL(request.url)
    if (url.pathname.endsWith('/enterprise-changes')) asked.push(url)
    return Response.json(url.pathname.endsWith('/options') ? { districts: [], factors: {} } : { items: [{ request_id: '1' }], next: null, count: 230 })
  })
})
afterEach(() => vi.unstubAllGlobals())

it('the requests of change are asked for by the page and the filter of the address, and are counted to their end', async () => {
  useSession().$patch({ account: { id: '1', kind: 'regulator', district: '310000' } as Account })
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/changes', name: 'changes', component: ChangesPage }] })
  await router.push('/changes?state=decided&page=5')
  const page = mount(ChangesPage, { global: { plugins: [router] } })
  await flushPromises()
  expect(asked.map((url) => Object.fromEntries(url.searchParams))).toEqual([{ state: 'decided', limit: '50', page: '5' }])
  expect(page.text()).toContain('共 230 条')
  expect(page.get('a').attributes('href')).toBe('/views/enterprise-changes.xlsx?state=decided')
})
