import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, type EffectScope } from 'vue'
import { FIRST_PAUSE_MS, POLL_MS, SILENT_MS, useUnread } from './unread'

const asked = vi.hoisted(() => ({ count: vi.fn(() => Promise.resolve({ unread: 5 })) }))
vi.mock('../api', () => ({ get: asked.count }))

class Source {
  closed = false
  private heard: Record<string, (event: unknown) => void> = {}
  addEventListener(name: string, then: (event: unknown) => void): void { this.heard[name] = then }
  close(): void { this.closed = true }
  says(number: number): void { this.heard.unread?.({ data: String(number) }) }
  fails(): void { this.heard.error?.({}) }
}

const sources: Source[] = []
let scope: EffectScope

const begin = () => {
  scope = effectScope()
  return scope.run(() => useUnread(() => sources[sources.push(new Source()) - 1] as unknown as EventSource))!
}

beforeEach(() => {
  vi.useFakeTimers()
  sources.length = 0
  asked.count.mockClear()
})
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
})

it('shows what the server says, and says nothing more once it is over', () => {
  const { unread } = begin()
  sources[0]?.says(7)
  expect(unread.value).toBe(7)
  scope.stop()
  expect(sources[0]?.closed).toBe(true)
  vi.advanceTimersByTime(10 * POLL_MS)
  expect(sources).toHaveLength(1)
})

it('opens a broken connection again, later each time, and at once as at first after it has spoken', () => {
  begin()
  sources[0]?.fails()
  vi.advanceTimersByTime(2 * FIRST_PAUSE_MS - 1)
  expect(sources).toHaveLength(1)
  vi.advanceTimersByTime(1)
  expect(sources).toHaveLength(2)
  sources[1]?.fails()
  vi.advanceTimersByTime(2 * FIRST_PAUSE_MS)
  expect(sources).toHaveLength(2)
  vi.advanceTimersByTime(2 * FIRST_PAUSE_MS)
  expect(sources).toHaveLength(3)
  sources[2]?.says(1)
  sources[2]?.fails()
  vi.advanceTimersByTime(2 * FIRST_PAUSE_MS)
  expect(sources).toHaveLength(4)
})

it('asks in intervals where a proxy lets nothing through, and now and then tries the stream again', async () => {
  const { unread } = begin()
  for (let failure = 0; failure < 4; failure++) await vi.advanceTimersByTimeAsync(SILENT_MS + 20_000)
  expect(sources.every((source) => source.closed)).toBe(true)
  const tried = sources.length
  await vi.advanceTimersByTimeAsync(POLL_MS)
  expect(asked.count).toHaveBeenCalled()
  expect(unread.value).toBe(5)
  await vi.advanceTimersByTimeAsync(12 * POLL_MS)
  expect(sources.length).toBeGreaterThan(tried)
})
