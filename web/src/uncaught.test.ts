import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createApp, defineComponent, h } from 'vue'
import { Problem } from './api/problem'
import { createMemoryHistory, createRouter } from 'vue-router'
import { refreshing, sentenceOf, showMissing, tellUncaught, whenPartIsMissing } from './uncaught'

const pressed = async (rejected: unknown): Promise<string[]> => {
  const told: string[] = []
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const Button = defineComponent({ render: () => h('button', { onClick: () => Promise.reject(rejected) }) })
  const wrapper = mount(Button, { global: { plugins: [{ install: (app) => tellUncaught(app, (error) => told.push(sentenceOf(error))) }] } })
  await wrapper.find('button').trigger('click')
  await new Promise((done) => setTimeout(done))
  return told
}

afterEach(() => vi.restoreAllMocks())

describe('what a handler of a component rejects with', () => {
  it('is told in the server’s words', async () => {
    expect(await pressed(new Problem(409, 'visit.completed', '运维已完成。'))).toEqual(['运维已完成。'])
  })

  it('is told in a sentence of its own where the phone is full, also when a library has wrapped it', async () => {
    const full = new DOMException('The quota has been exceeded.', 'QuotaExceededError')
    const wrapped = Object.assign(new Error('AbortError'), { cause: Object.assign(new Error('x'), { name: 'QuotaExceededError' }) })
    expect(await pressed(full)).toEqual(await pressed(wrapped))
    expect(sentenceOf(wrapped)).toContain('存储空间不足')
  })

  it('is told also where it is a mistake of ours', async () => {
    expect(await pressed(new TypeError('x is undefined'))).toEqual(['出错了，请重试。'])
  })

  it('is not told where the session is over: the router leads to the log-in', async () => {
    expect(await pressed(new Problem(401, 'session.missing', '请先登录。'))).toEqual([])
  })
})

describe('a page that is gone since a release', () => {
  it('says that there is a new version, and says it once', () => {
    const told: string[] = []
    whenPartIsMissing((sentence) => told.push(sentence))
    window.dispatchEvent(new Event('vite:preloadError'))
    expect(told).toEqual(['系统已有新版本，请刷新页面后继续。'])
    const again: Error[] = []
    const app = createApp({})
    tellUncaught(app, (error) => again.push(error))
    app.config.errorHandler?.(new TypeError('Failed to fetch dynamically imported module: /assets/x.js'), null, '')
    expect(again).toEqual([])
  })
})

describe('a refresh after a part was missing', () => {
  const Here = defineComponent({ render: () => h('p') })

  async function refreshed(...paths: string[]): Promise<string[]> {
    const went: string[] = []
    vi.spyOn(location, 'assign').mockImplementation((to) => void went.push(String(to)))
    vi.spyOn(location, 'reload').mockImplementation(() => void went.push('the same page'))
    const router = createRouter({
      history: createMemoryHistory(),
      routes: [{ path: '/', component: Here }, { path: '/plans/:id', component: () => Promise.reject(new TypeError('Failed to fetch dynamically imported module')) }],
    })
    const refresh = refreshing(router)
    for (const path of paths) await router.push(path).catch(() => undefined)
    refresh()
    return went
  }

  it('leads on to where somebody was going', async () => {
    expect(await refreshed('/', '/plans/7?tab=cycles#late')).toEqual(['/plans/7?tab=cycles#late'])
  })

  it('shows the same page where they had gone elsewhere since, or were going nowhere', async () => {
    expect(await refreshed('/', '/plans/7', '/?again=1')).toEqual(['the same page'])
    expect(await refreshed('/')).toEqual(['the same page'])
  })
})

describe('a page of which a part cannot be loaded', () => {
  const Here = defineComponent({ render: () => h('p') })

  async function led(failure: Error, missing: () => Promise<typeof Here> = async () => Here) {
    const routes = [
      { path: '/', component: Here }, { path: '/missing', name: 'missing', component: missing }, { path: '/plans/:id', component: () => Promise.reject(failure) },
    ]
    const router = createRouter({ history: createMemoryHistory(), routes })
    const isLoading = showMissing(router, 'missing')
    const wasLoading: boolean[] = []
    router.onError(() => undefined)
    router.beforeEach(() => void wasLoading.push(isLoading()))
    await router.push('/')
    await router.push('/plans/7?tab=cycles').catch(() => undefined)
    await vi.waitFor(() => expect(isLoading()).toBe(false))
    return { at: router.currentRoute.value, wasLoading }
  }

  it('gives way to one that says so and knows where to go on', async () => {
    const { at, wasLoading } = await led(new TypeError('Failed to fetch dynamically imported module: /assets/x.js'))
    expect([at.name, at.query.to, wasLoading]).toEqual(['missing', '/plans/7?tab=cycles', [true, true, true]])
  })

  it('stays where something else went wrong, and does not try for ever', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    expect((await led(new TypeError('x is undefined'))).at.path).toBe('/')
    const gone = new TypeError('Failed to fetch dynamically imported module: /assets/x.js')
    expect((await led(gone, () => Promise.reject(gone))).at.path).toBe('/')
  })
})
