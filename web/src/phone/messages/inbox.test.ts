import 'fake-indexeddb/auto'
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import BellLink from './BellLink.vue'
import { countUnread, unread, wayOf } from './inbox'
import MessagesPage from './MessagesPage.vue'

const asked: Request[] = []
let answer: (request: Request) => Response
beforeEach(() => {
  asked.length = 0
  unread.value = null
  vi.stubGlobal('fetch', async (request: Request) => { asked.push(request.clone()); return answer(request) })
})
afterEach(() => vi.unstubAllGlobals())

const refused = (status: number) => () => Response.json({ code: 'not-found', title: '没有找到' }, { status })
const router = () => createRouter({ history: createMemoryHistory(), routes: [{ path: '/:all(.*)*', component: { template: '<i />' } }] })
const stubs = { PhoneFrame: { template: '<main><slot /><slot name="action" /></main>' }, VanButton: { template: '<button><slot /></button>' } }

describe('the bell', () => {
  it('shows how many are unread, and says so', async () => {
    answer = () => Response.json({ unread: 3 })
    const bell = mount(BellLink, { global: { plugins: [router()] } })
    await flushPromises()
    expect([bell.text(), bell.get('a').attributes('aria-label')]).toEqual(['3', '消息，3 条未读'])
  })

  it.each([404, 503, 403])('is not there where the server answers %s', async (status) => {
    answer = refused(status)
    const bell = mount(BellLink, { global: { plugins: [router()] } })
    await flushPromises()
    expect(bell.find('a').exists()).toBe(false)
  })

  it('keeps the last number while there is no network', async () => {
    answer = () => Response.json({ unread: 2 })
    await countUnread()
    vi.stubGlobal('fetch', async () => { throw new TypeError('Failed to fetch') })
    await countUnread()
    expect(unread.value).toBe(2)
  })
})

describe('the list', () => {
  const message = (id: string, more = {}) => ({ id, kind: 'due', title: `消息 ${id}`, text: '今天 24:00 前签字', link: `/confirmations/${id}`, at: '2026-12-01T02:00:00Z', read: false, ...more })

  it('leads to what a message is about, and marks that one as read', async () => {
    answer = ({ url }) => (url.includes('/read') ? new Response(null, { status: 204 }) : Response.json(url.includes('/count') ? { unread: 1 } : { items: [message('a'), message('b')], unread: 2, next: null }))
    const to = router()
    const page = mount(MessagesPage, { global: { plugins: [to], stubs } })
    await vi.waitFor(() => expect(page.text()).toContain('消息 b'))
    await page.findAll('.tap')[1]!.trigger('click')
    await flushPromises()
    expect(to.currentRoute.value.fullPath).toBe('/confirmations/b')
    expect(await asked.find(({ url }) => url.endsWith('/api/messages/read'))!.json()).toEqual({ ids: ['b'] })
    expect(page.findAll('.tap').map((tap) => tap.text().includes('未读'))).toEqual([true, false])
  })

  it.each([404, 503])('of a system that answers %s is empty, not broken', async (status) => {
    answer = refused(status)
    const page = mount(MessagesPage, { global: { plugins: [router()], stubs } })
    await vi.waitFor(() => expect(page.text()).toContain('现在没有消息可看'))
    expect(page.find('[role=alert]').exists()).toBe(false)
  })
})

describe('where a message leads', () => {
  it.each([
    [{ link: '/visits/1', phone_link: '/m/#/confirmations/1' }, { page: '/confirmations/1' }],
    [{ link: '/confirmations/1' }, { page: '/confirmations/1' }],
    [{ link: '/plans/1' }, { desk: '/plans/1' }],
    [{ link: 'https://elsewhere.example/', phone_link: 'https://elsewhere.example/m/#/x' }, null],
    [{ link: '//elsewhere.example' }, null],
    [{ link: null, phone_link: null }, null],
  ])('%o', (message, way) => {
    expect(wayOf(message)).toEqual(way)
  })
})
