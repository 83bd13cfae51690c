import { onScopeDispose, ref, type Ref } from 'vue'
import { get } from '../api'
import { withAccount } from '../api/use'

export const FIRST_PAUSE_MS = 2_000
export const LONGEST_PAUSE_MS = 120_000
export const POLL_MS = 60_000
/** The server says something every 15 seconds. A proxy that holds this back would hold back everything. */
export const SILENT_MS = 40_000
const FAILURES_UNTIL_POLLING = 3

export interface Unread {
  unread: Ref<number>
  /** Asks at once, after something was read here. */
  ask: () => Promise<void>
}

/**
 * The number of unread messages, told by the server as it changes. A connection that breaks or never says anything is opened again
 * after growing pauses; after a few failures the number is asked for in intervals. For desk and phone.
 */
export function useUnread(open: (url: string) => EventSource = (url) => new EventSource(url)): Unread {
  const unread = ref(0)
  let source: EventSource | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let silence: ReturnType<typeof setTimeout> | undefined
  let failures = 0
  let over = false

  async function ask(): Promise<void> {
    const answer = await get('/api/messages/count').catch(() => null)
    if (answer && !over) unread.value = answer.unread
  }

  function heard(event: MessageEvent<string>): void {
    failures = 0
    clearTimeout(silence)
    unread.value = Number(event.data)
  }

  function listen(): void {
    source = open(withAccount('/api/messages/stream'))
    source.addEventListener('unread', heard)
    source.addEventListener('error', failed)
    silence = setTimeout(failed, SILENT_MS)
  }

  function close(): void {
    clearTimeout(silence)
    source?.close()
    source = null
  }

  function failed(): void {
    close()
    failures += 1
    clearTimeout(timer)
    if (over) return
    timer = failures > FAILURES_UNTIL_POLLING ? setTimeout(poll, POLL_MS) : setTimeout(listen, Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS))
  }

  /** Each tenth time the stream is tried again. */
  function poll(): void {
    void ask()
    failures += 1
    if (failures % 10 === 0) listen()
    else timer = setTimeout(poll, POLL_MS)
  }

  function end(): void {
    over = true
    clearTimeout(timer)
    close()
  }

  listen()
  onScopeDispose(end)
  return { unread, ask }
}
