import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue'

/** The present moment in milliseconds, following the clock while the page is shown. */
export function useNow(everyMs = 1000): Ref<number> {
  const now = ref(Date.now())
  let timer: ReturnType<typeof setInterval> | undefined
  onMounted(() => (timer = setInterval(() => (now.value = Date.now()), everyMs)))
  onBeforeUnmount(() => clearInterval(timer))
  return now
}
