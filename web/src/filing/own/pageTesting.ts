/** An operator's own page of its filing, on views and commands that a test answers. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, vi } from 'vitest'
import { createMemoryHistory, createRouter, RouterView, type Router } from 'vue-router'
import type { Account } from '../../api/types'
import { useSession } from '../../session'
import type { Filing } from '../types'
import FilingPage from './FilingPage.vue'


export const ID = '01890000-0000-7000-8000-000000000001'
export const vehicle = { id: ID, kind: 'vehicle', version: 4, state: 'returned', title: '沪A12345', filed: null, ended_on: null, particulars: { kind: 'vehicle', plate: '沪A12345', ownership: 'owned', papers: [{ paper_id: 'p1', kind: 'vehicle_licence', valid_to: '2020-12-31' }] }, revoked: {}, remarks: [{ resource_id: ID, field: 'papers.0.scan', reason: 'unreadable' }] }
export const person = (id: string, post: string) => ({ ...vehicle, id, kind: 'person', state: 'filed', title: post, remarks: [], particulars: { kind: 'person', post, technical_posts: ['maintenance'], joined_on: '2020-01-01', papers: [] } })
export const basics = { name: '清源运维', uscc: '91310000000000000X', registered_in: '310000', registered_capital: '500', address: '甲路', scope: ['wastewater'], projects: 3, project_amount: '20', staff: 12 }
export const draft = { operator_id: 'o1', version: 2, name: '清源运维', state: 'draft', number: 0, moved_at: '2026-11-01T00:00:00Z', late: false, filed_on: null, basics, basics_version: 2, basics_changed_on: '2026-11-01', filed_basics: null, submission: null, standing: 'active', undertaking: { edition: '2026-1', text: '承诺', given_at: '2026-11-01T00:00:00Z' }, overdue: [], remarks: [], steps: [{ what: 'begun', at: '2026-11-01T00:00:00Z' }, { what: 'basics_changed', at: '2026-11-01T00:00:00Z' }], counts: { vehicle: 1 }, unfiled: 1, contracts: { projects: 0, amount: null } } as unknown as Filing
export const views: Record<string, { status?: number; body: object }> = {}
export const commands: { path: string; version: string | null }[] = []
export const asked: string[] = []
let refusal: { status: number; body: object } | null
export let page: VueWrapper
export let router: Router

export const FILING = '/api/views/filings/o1'
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
  commands.push({ path: pathname, version: request.headers.get('If-Match') })
  return refusal ? Response.json(refusal.body, { status: refusal.status }) : Response.json({ stream: 'filing-o1', version: 3 }, { status: 202 })
}

export async function open(address = '/filing', role: 'manager' | 'technician' = 'manager'): Promise<void> {
  useSession().$patch({ account: { id: '1', kind: 'operator', role, organisation: 'o1' } as Account })
  router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/filing/:tab?', name: 'filing', component: FilingPage }] })
  await router.push(address)
  page = mount(RouterView, { global: { plugins: [router] } })
  await flushPromises()
}

beforeEach(() => {
  sessionStorage.clear()
  setActivePinia(createPinia())
  for (const key of Object.keys(views)) delete views[key]
  commands.length = asked.length = 0
  refusal = null
  views[FILING] = { body: draft }
  views['/api/views/filings'] = { body: { items: [draft], next: null } }
  views['/api/filing/options'] = { body: { provinces: [{ code: '310000', name: '上海市' }], return_reasons: [{ code: 'unreadable', name: '扫描件不清晰或不完整' }], undertaking: { version: '2026-1', text: '承诺', sha256: '0' }, change_months: 3, change_source: '' } }
  views['/api/filing/filings/o1/people'] = { body: { legal_representative: {}, contact: {} } }
  views[`/api/views/resources/${ID}`] = { body: vehicle }
  views[`${FILING}/resources`] = { body: { items: [vehicle], next: null, count: 1 } }
  vi.stubGlobal('fetch', answer)
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined, removeEventListener: () => undefined }))
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
})
afterEach(() => page.unmount())
