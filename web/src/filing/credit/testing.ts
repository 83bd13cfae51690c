/** What tests of these pages stand on: a page at its address, what the server answers, and what was sent to it. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { vi } from 'vitest'
import { createMemoryHistory, createRouter, RouterView, type Router } from 'vue-router'
import type { Account, FileRef } from '../../api/types'
import { useSession } from '../../session'
import { ElCheckboxGroup, ElSelect } from '../own/testing'
import AnnualPage from './AnnualPage.vue'
import DailyPage from './DailyPage.vue'

export const DAILY = '/api/views/filings/o1/daily'
export const ANNUAL = '/api/views/filings/o1/annual'
export const fileOf = (digit: string, name: string) => ({ sha256: digit.repeat(64), size: 9, media_type: 'application/pdf', name }) as FileRef

interface Sent { path: string; body: Record<string, unknown>; version: string | null }
export const sent: Sent[] = []
/** What the next command is answered with instead of being accepted. */
export const refusals: { status: number; body: object }[] = []
export const views: Record<string, { status?: number; body: object }> = {}
/** Which version each question waited for. */
export const waited: [path: string, version: string | null][] = []
let page: VueWrapper
let router: Router

export const commands = () => sent.filter(({ path }) => path.startsWith('/api/filing'))
export const shown = () => page
export const address = () => router.currentRoute.value.fullPath
export const texts = (of: string) => page.findAll(of).map((found) => found.text())
/** The last of that name: a dialog stands behind the page. */
export const button = (text: string) => page.findAll('button').filter((found) => found.text() === text || found.attributes('aria-label') === text).at(-1)!.trigger('click').then(flushPromises)
export const type = (label: string, text: string) => page.get(`input[aria-label="${label}"]`).setValue(text).then(flushPromises)
export const said = (field: string) => page.find(`[data-field="${field}"] > em`).text()
export const dialog = () => page.find('[role=dialog]')
export const leave = () => page.unmount()

/** What the stand-in for a group of boxes, or for a list of several, tells when somebody chooses in it. */
export async function choose(label: string, value: unknown): Promise<void> {
  const found = [...page.findAllComponents(ElCheckboxGroup), ...page.findAllComponents(ElSelect)].find((each) => each.attributes('aria-label') === label)
  ;(found!.vm as unknown as { $emit: (name: string, value: unknown) => void }).$emit('update:modelValue', value)
  await flushPromises()
}

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  if (request.method === 'GET') {
    waited.push([pathname, request.headers.get('If-Version-At-Least')])
    const { status = 200, body } = views[pathname] ?? { status: 404, body: { code: 'missing', title: '没有找到要操作的对象，或您无权查看。' } }
    return Response.json(body, { status })
  }
  sent.push({ path: pathname, body: await request.json(), version: request.headers.get('If-Match') })
  if (pathname === '/api/files/evidence') return Response.json({ token: 'stored', contents: {}, files: {} })
  const refusal = refusals.shift()
  return refusal ? Response.json(refusal.body, { status: refusal.status }) : Response.json({ stream: 'credit_document-d1', version: 1 }, { status: 202 })
}

const width = (narrow: boolean) => vi.stubGlobal('matchMedia', () => ({ matches: narrow, addEventListener: () => undefined, removeEventListener: () => undefined }))
export const inNarrowWindow = () => width(true)

export function begin(): void {
  sessionStorage.clear()
  sent.length = refusals.length = waited.length = 0
  for (const key of Object.keys(views)) delete views[key]
  setActivePinia(createPinia())
  vi.stubGlobal('fetch', answer)
  width(false)
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
}

export async function open(at: string, account: Partial<Account> = { kind: 'operator', role: 'manager', organisation: 'o1' }): Promise<void> {
  useSession().$patch({ account: { id: '1', ...account } as Account })
  const pages = [['/credit', DailyPage], ['/credit/annual', AnnualPage], ['/filings/:operatorId/credit', DailyPage], ['/filings/:operatorId/credit/annual', AnnualPage]] as const
  router = createRouter({ history: createMemoryHistory(), routes: pages.map(([path, component]) => ({ path, name: path, component })) })
  await router.push(at)
  page = mount(RouterView, { global: { plugins: [router] } })
  await flushPromises()
}

/** A file that the store has acknowledged. `upload` is mocked by the test. */
export async function pick(label: string): Promise<void> {
  const input = page.get(`input[type=file][aria-label="${label}"]`)
  Object.defineProperty(input.element, 'files', { value: [new File(['x'], '文件.pdf', { type: 'application/pdf' })], configurable: true })
  await input.trigger('change')
  await flushPromises()
}
