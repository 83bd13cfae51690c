import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SessionLeft } from '../api/types'
import { whenSessionEnds } from '../api'
import IdleWarning from './IdleWarning.vue'

vi.mock('element-plus/es', async () => {
  const { defineComponent, h } = await import('vue')
  return {
    ElDialog: defineComponent({ props: ['modelValue'], setup: (props, { slots }) => () => (props.modelValue ? h('div', { role: 'dialog' }, [slots.default?.(), slots.footer?.()]) : null) }),
    ElButton: defineComponent({ setup: (_, { slots }) => () => h('button', { type: 'button' }, slots.default?.()) }),
    ElAlert: defineComponent({ props: ['title'], setup: (props) => () => h('p', props.title) }),
  }
})

const HOURS_12 = 43_200
let server: { idleEnds: number; wholeEnds: number; offline: boolean }
const asked: string[] = []
const inSeconds = (seconds: number) => Date.now() + seconds * 1000
const left = (): SessionLeft => ({
  idle_seconds: Math.floor((Math.min(server.idleEnds, server.wholeEnds) - Date.now()) / 1000), whole_seconds: Math.floor((server.wholeEnds - Date.now()) / 1000),
})

/** The server's side of a session: a question about it changes nothing, its use begins the half hour anew. */
async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  asked.push(pathname)
  if (server.offline) throw new TypeError('offline')
  if (left().idle_seconds <= 0) return Response.json({ code: 'session.missing', title: '请先登录。' }, { status: 401 })
  if (pathname === '/api/session/left') return Response.json(left())
  server.idleEnds = inSeconds(1_800)
  return Response.json({ account: { id: '1' } })
}

async function passes(seconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(seconds * 1000)
  await flushPromises()
}

describe('the warning before a session ends', () => {
  let page: ReturnType<typeof mount>
  const ended = vi.fn()
  const warning = () => page.find('[role=dialog]')

  beforeEach(async () => {
    vi.useFakeTimers()
    setActivePinia(createPinia())
    asked.length = 0
    ended.mockReset()
    whenSessionEnds(ended)
    server = { idleEnds: inSeconds(1_800), wholeEnds: inSeconds(HOURS_12), offline: false }
    vi.stubGlobal('fetch', answer)
    page = mount(IdleWarning)
    await passes(0)
  })
  afterEach(() => {
    page.unmount()
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  it('stands two minutes before the end, and until then costs one question', async () => {
    await passes(1_679)
    expect([warning().exists(), asked.length]).toEqual([false, 1])
    await passes(1)
    expect(warning().text()).toContain('2 分 00 秒')
    await passes(5)
    expect(warning().text()).toContain('1 分 55 秒')
    expect(new Set(asked)).toEqual(new Set(['/api/session/left']))
  })

  it('is gone when one goes on, and comes back half an hour later', async () => {
    await passes(1_700)
    await warning().get('button').trigger('click')
    await passes(0)
    expect(warning().exists()).toBe(false)
    await passes(1_679)
    expect(warning().exists()).toBe(false)
    await passes(1)
    expect(warning().exists()).toBe(true)
  })

  it('does not come where another tab was used, and goes where one is', async () => {
    await passes(1_000)
    server.idleEnds = inSeconds(1_800)
    await passes(700)
    expect(warning().exists()).toBe(false)
    await passes(990)
    expect(warning().exists()).toBe(true)
    server.idleEnds = inSeconds(1_800)
    await passes(10)
    expect(warning().exists()).toBe(false)
  })

  it('leads to the log-in when nobody answers it', async () => {
    await passes(1_790)
    expect(ended).not.toHaveBeenCalled()
    await passes(12)
    expect(ended).toHaveBeenCalled()
  })

  it('says of a session at its end that it cannot be prolonged, and is asked away once', async () => {
    server.idleEnds = server.wholeEnds = inSeconds(1_800)
    await passes(1_690)
    expect(warning().get('button').text()).toBe('知道了')
    await warning().get('button').trigger('click')
    await passes(20)
    expect(warning().exists()).toBe(false)
  })

  it('stays without a network, and knows of the end when it is back', async () => {
    await passes(1_700)
    server.offline = true
    await passes(60)
    expect([warning().exists(), ended.mock.calls.length]).toEqual([true, 0])
    server.offline = false
    await passes(60)
    expect(ended).toHaveBeenCalled()
  })

  it('asks again when a computer wakes up', async () => {
    asked.length = 0
    document.dispatchEvent(new Event('visibilitychange'))
    await passes(0)
    expect(asked).toEqual(['/api/session/left'])
  })

  it('asks no more when the page is left', async () => {
    page.unmount()
    asked.length = 0
    await passes(4_000)
    expect(asked).toEqual([])
  })
})
