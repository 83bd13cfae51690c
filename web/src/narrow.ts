import { onScopeDispose, ref, type Ref } from 'vue'

/** Below this a page is a phone's: what is not needed at first is folded. */
const NARROW = '(max-width: 699px)'

/** Whether the window is narrow now. */
export function useNarrow(): Ref<boolean> {
  const query = window.matchMedia(NARROW)
  const narrow = ref(query.matches)
  const changed = () => (narrow.value = query.matches)
  query.addEventListener('change', changed)
  onScopeDispose(() => query.removeEventListener('change', changed))
  return narrow
}
