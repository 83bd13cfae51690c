/** The pages of reports, on views and commands that a test answers. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, vi } from 'vitest'
import { createMemoryHistory, createRouter, RouterView, type Router } from 'vue-router'
import type { Account } from '../api/types'
import { useSession } from '../session'
import { reporting } from './routes'
import { ID, reportOf, row, task } from './samples'

interface Command { path: string; version: string | null; body: Record<string, unknown> | null }
export const views: Record<string, { status?: number; body: object }> = {}
export const commands: Command[] = []
export const asked: string[] = []
let refusal: { status: number; body: object } | null
export let page: VueWrapper
export let router: Router

// The pages are parts of their own: they are there before the first test begins, however long that takes.
await Promise.all(reporting.map(({ component }) => (component as () => Promise<unknown>)()))

export const REPORT = `/api/views/reports/${ID}`
export const buttons = () => page.findAll('button').map((found) => found.text())
export const press = (text: string) => page.findAll('button').find((found) => found.text() === text)!.trigger('click').then(flushPromises)
/** What the next commands are answered with instead of being accepted. */
export const refuse = (status: number, body: object) => { refusal = { status, body } }

async function answer(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url)
  if (request.method === 'GET') {
    asked.push(pathname + search)
    const { status = 200, body } = views[pathname] ?? { body: { items: [], next: null, labels: {} } }
    return Response.json(body, { status })
  }
  if (pathname === '/api/files/evidence') return Response.json({ token: 'word' })
  commands.push({ path: pathname, version: request.headers.get('If-Match'), body: (await request.json().catch(() => null)) as Command['body'] })
  return refusal ? Response.json(refusal.body, { status: refusal.status }) : Response.json({ stream: `report-${ID}`, version: 9 }, { status: 202 })
}

export async function open(address: string, account: Partial<Account> = { kind: 'operator', role: 'manager', organisation: 'op' }): Promise<void> {
  useSession().$patch({ account: { id: '1', district: '310000', ...account } as Account })
  router = createRouter({ history: createMemoryHistory(), routes: [...reporting.map((route) => ({ ...route, path: `/${route.path}` })), { path: '/:rest(.*)*', component: { render: () => null } }] })
  await router.push(address)
  page = mount(RouterView, { global: { plugins: [router] }, attachTo: document.body })
  await vi.dynamicImportSettled()
  await flushPromises()
}

beforeEach(() => {
  sessionStorage.clear()
  setActivePinia(createPinia())
  for (const key of Object.keys(views)) delete views[key]
  commands.length = asked.length = 0
  refusal = null
  views['/api/views/reports'] = { body: { items: [row], next: null, count: 1 } }
  views[REPORT] = { body: reportOf() }
  views['/api/views/tasks/today'] = { body: { day: '2026-11-05', points: [task], parts: [] } }
  views[`${REPORT}/earlier`] = { body: { items: [] } }
  vi.stubGlobal('fetch', answer)
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined, removeEventListener: () => undefined }))
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
})
afterEach(() => page.unmount())
