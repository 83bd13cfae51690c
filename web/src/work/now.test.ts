import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { h } from 'vue'
import { useAsked } from './loading'
import { useEvery } from './now'

let visible: DocumentVisibilityState
const change = (now: DocumentVisibilityState) => {
  visible = now
  document.dispatchEvent(new Event('visibilitychange'))
}

describe('a page that refreshes by itself', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    visible = 'visible'
    vi.spyOn(document, 'visibilityState', 'get').mockImplementation(() => visible)
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })

  it('asks while it is seen, at once when it is seen again, and no more when it is left', () => {
    const what = vi.fn()
    const page = mount({ setup: () => (useEvery(30_000, what), () => h('p')) })
    vi.advanceTimersByTime(60_000)
    expect(what).toHaveBeenCalledTimes(2)
    change('hidden')
    vi.advanceTimersByTime(600_000)
    expect(what).toHaveBeenCalledTimes(2)
    change('visible')
    expect(what).toHaveBeenCalledTimes(3)
    page.unmount()
    vi.advanceTimersByTime(60_000)
    expect(what).toHaveBeenCalledTimes(3)
  })

  it('shows what it had where there is no answer', async () => {
    const answers: (() => Promise<string>)[] = [async () => 'first', () => Promise.reject(new Error('away')), async () => 'second']
    const { value, problem, load, refresh } = useAsked(() => answers.shift()!())
    await load()
    await refresh()
    expect([value.value, problem.value]).toEqual(['first', null])
    await refresh()
    expect(value.value).toBe('second')
  })
})
