import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { readFileSync } from 'node:fs'
import { createPinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'
import { OFFLINE } from '../../api/problem'
import { router as desk } from '../../router'
import OperatorsPage from './OperatorsPage.vue'
import { PROVINCES } from './provinces'

vi.mock('element-plus/es', async () => {
  const { defineComponent, h } = await import('vue')
  const named = (name: string) => defineComponent({ name, props: ['title', 'description', 'modelValue', 'label'], emits: ['update:modelValue'], setup: (props, { slots }) => () => h('div', [props.title, props.description, props.label, slots.default?.(), slots.extra?.()]) })
  const names = ['ElEmpty', 'ElResult', 'ElSkeleton', 'ElInput', 'ElSelect', 'ElOption', 'ElPagination', 'ElButton']
  return { ElMessage: vi.fn(), ElMessageBox: {}, ...Object.fromEntries(names.map((name) => [name, named(name)])) }
})
const server = vi.hoisted(() => ({ asked: [] as unknown[], rows: [] as unknown[], problem: null as unknown }))
vi.mock('../review/asking', () => ({
  publicOperators: async (query: unknown) => {
    server.asked.push(query)
    if (server.problem) throw server.problem
    return { items: server.rows, next: null, count: server.rows.length }
  },
}))

let page: VueWrapper
async function shown(path: string): Promise<string> {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/public/operators', name: 'public-operators', component: OperatorsPage }, { path: '/login', component: { template: '<i />' } }] })
  await router.push(path)
  page = mount(RouterView, { global: { plugins: [router, createPinia()] } })
  await flushPromises()
  return page.text()
}
beforeEach(() => Object.assign(server, { asked: [], rows: [], problem: null }))

describe('the public register of operators', () => {
  it('needs no account', () => expect(desk.resolve('/public/operators').meta.open).toBe(true))

  it('shows what anybody may know', async () => {
    server.rows = [{ name: '清泉运维有限公司', uscc: '91310000MA1K00000X', scope: ['wastewater', 'other'], scope_other: '噪声', registered_in: '310000', filed_on: '2026-03-01', state: 'filed' }]
    const text = await shown('/public/operators')
    for (const said of ['清泉运维有限公司', '91310000MA1K00000X', '水污染源、其他（噪声）', '上海市', '2026-03-01', '共 1 家']) expect(text).toContain(said)
  })

  it('is searched by what the address says', async () => {
    const text = await shown('/public/operators?search=清泉&scope=voc&page=3')
    expect(server.asked).toEqual([{ search: '清泉', scope: 'voc', limit: 50, page: 3 }])
    expect(text).toContain('没有符合条件的已备案机构')
    page.findComponent({ name: 'ElSelect' }).vm.$emit('update:modelValue', '')
    await flushPromises()
    expect(server.asked.at(-1)).toEqual({ search: '清泉', scope: '', limit: 50, page: 1 })
  })

  it('says that it is empty, or that nobody answers', async () => {
    expect(await shown('/public/operators')).toContain('还没有已备案的机构')
    server.problem = OFFLINE
    expect(await shown('/public/operators')).toContain('连接不上服务器')
  })

  it('stands on the page where one logs in', () => expect(readFileSync('src/login/LoginPage.vue', 'utf8')).toContain('to="/public/operators"'))
})

it('the provinces are those of the services', () => {
  const theirs = readFileSync('../libs/standards/src/qingyuan_standards/provinces.py', 'utf8')
  expect(PROVINCES).toEqual(Object.fromEntries([...theirs.matchAll(/"(\d{6})": "([^"]+)"/g)].map(([, code, name]) => [code, name])))
})
