import { computed, onBeforeUnmount, onMounted, ref, type ComputedRef } from 'vue'
import type { SessionLeft } from '../api/types'

export const WARN_SECONDS = 120
/** While the warning stands, another tab may keep the session alive. */
const AGAIN_SECONDS = 10
const OFFLINE_SECONDS = 30

export interface IdleWatch {
  /** Seconds until the session ends, while that is near; null otherwise. */
  left: ComputedRef<number | null>
  /** The session ends whatever one does: it has lasted as long as a session may. */
  final: ComputedRef<boolean>
  look: () => Promise<void>
}

/** Watches when the session ends. The server says so, since it knows of every tab; asking it keeps nothing alive. */
export function useIdleWatch(ask: () => Promise<SessionLeft>): IdleWatch {
  const ends = ref<{ at: number; final: boolean } | null>(null)
  const now = ref(Date.now())
  let timer: ReturnType<typeof setTimeout> | undefined
  let ticking: ReturnType<typeof setInterval> | undefined
  let over = false

  function again(seconds: number): void {
    clearTimeout(timer)
    if (!over) timer = setTimeout(() => void look(), seconds * 1000)
  }

  function warn({ idle_seconds: seconds, whole_seconds: whole }: SessionLeft): void {
    now.value = Date.now()
    ends.value = { at: now.value + seconds * 1000, final: whole <= seconds }
    ticking ??= setInterval(() => (now.value = Date.now()), 1000)
    again(Math.min(seconds + 1, AGAIN_SECONDS))
  }

  function rest(seconds: number): void {
    clearInterval(ticking)
    ticking = undefined
    ends.value = null
    again(seconds)
  }

  /** Without an answer nothing is known: what is shown stays, and it is asked again. A session that is over the router hears of. */
  async function look(): Promise<void> {
    const answer = await ask().catch(() => null)
    if (over) return
    if (!answer) again(ends.value ? AGAIN_SECONDS : OFFLINE_SECONDS)
    else if (answer.idle_seconds <= WARN_SECONDS) warn(answer)
    else rest(answer.idle_seconds - WARN_SECONDS)
  }

  /** A computer that slept, or a tab in the background, has timers that are late. */
  const seen = () => document.visibilityState === 'visible' && void look()

  onMounted(() => {
    document.addEventListener('visibilitychange', seen)
    void look()
  })
  onBeforeUnmount(() => {
    over = true
    document.removeEventListener('visibilitychange', seen)
    clearTimeout(timer)
    clearInterval(ticking)
  })
  return {
    left: computed(() => (ends.value ? Math.max(0, Math.round((ends.value.at - now.value) / 1000)) : null)),
    final: computed(() => ends.value?.final ?? false),
    look,
  }
}
