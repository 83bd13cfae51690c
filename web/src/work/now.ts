import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue'

/** The present moment in milliseconds, following the clock while the page is shown. */
export function useNow(everyMs = 1000): Ref<number> {
  const now = ref(Date.now())
  let timer: ReturnType<typeof setInterval> | undefined
  onMounted(() => (timer = setInterval(() => (now.value = Date.now()), everyMs)))
  onBeforeUnmount(() => clearInterval(timer))
  return now
}

/** Does it again and again while the page is seen, and at once when it is seen again. */
export function useEvery(everyMs: number, what: () => unknown): void {
  let timer: ReturnType<typeof setInterval> | undefined
  const seen = () => document.visibilityState === 'visible'
  const again = () => void (seen() && what())
  onMounted(() => {
    timer = setInterval(again, everyMs)
    document.addEventListener('visibilitychange', again)
  })
  onBeforeUnmount(() => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', again)
  })
}
