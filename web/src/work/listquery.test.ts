import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter, RouterView, type Router } from 'vue-router'
import { useListQuery } from './filters'

let list: ReturnType<typeof useListQuery<{ from: string; operator_id: string }>>
let asked: string[]
let router: Router

const Listing = defineComponent({
  setup() {
    list = useListQuery({ from: '2026-11-01', operator_id: '' }, () => asked.push(JSON.stringify([list.asked.value, list.page.value])))
    return () => h('p')
  },
})

async function open(address: string): Promise<void> {
  router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/list', name: 'list', component: Listing }, { path: '/record', component: { render: () => h('p') } }],
  })
  await router.push(address)
  mount(RouterView, { global: { plugins: [router] } })
  await flushPromises()
}

describe('filters and page of a list in the address', () => {
  beforeEach(() => {
    setActivePinia(createPinia())
    asked = []
  })

  it('are written there, and read there when one comes back or reloads', async () => {
    await open('/list')
    list.filter.operator_id = '7'
    await flushPromises()
    list.page.value = 3
    await flushPromises()
    expect(router.currentRoute.value.query).toEqual({ from: '2026-11-01', operator_id: '7', page: '3' })
    await router.push('/record')
    await flushPromises()
    router.back()
    await flushPromises()
    await new Promise((done) => setTimeout(done))
    expect([list.asked.value, list.page.value]).toEqual([{ from: '2026-11-01', operator_id: '7' }, 3])
    await open(router.currentRoute.value.fullPath)
    expect([list.asked.value, list.page.value]).toEqual([{ from: '2026-11-01', operator_id: '7' }, 3])
  })

  it('another filter begins at the first page, and the list is asked for once', async () => {
    await open('/list?page=4&operator_id=7')
    expect(list.page.value).toBe(4)
    list.filter.operator_id = '8'
    await flushPromises()
    expect([list.page.value, router.currentRoute.value.query.page, asked.length]).toEqual([1, undefined, 1])
  })

  it('a link to the same list keeps the page it names', async () => {
    await open('/list')
    await router.push('/list?operator_id=9&page=2')
    await flushPromises()
    expect([list.filter.operator_id, list.page.value]).toEqual(['9', 2])
  })

  it('what is no number of a page is the first', async () => {
    await open('/list?page=-7x')
    expect(list.page.value).toBe(1)
  })
})
