import { liveQuery } from 'dexie'
import { onUnmounted, ref, shallowRef, type Ref } from 'vue'

/** What the database says now and whenever it changes, also from another window. `ready` once it has been read. */
export function useLive<T>(ask: () => Promise<T>, before: T): { value: Ref<T>; ready: Ref<boolean> } {
  const value = shallowRef(before) as Ref<T>
  const ready = ref(false)
  const watching = liveQuery(ask).subscribe({
    next: (found) => { value.value = found; ready.value = true },
    error: (error) => { ready.value = true; throw error },
  })
  onUnmounted(() => watching.unsubscribe())
  return { value, ready }
}
