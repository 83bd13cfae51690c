import { computed, type ComputedRef } from 'vue'
import { useAsked, type Asked } from '../loading'

export const PAGE_ROWS = 50
/** The server counts no further. */
export const COUNTED_MAX = 10_000

interface NumberedPage<T> { items: T[]; count?: number }
type Pages<T> = Omit<Asked<NumberedPage<T>>, 'value'> & { rows: ComputedRef<T[]>; count: ComputedRef<number> }

/** One page of a list, asked for by its number. */
export function usePages<T>(ask: () => Promise<NumberedPage<T>>): Pages<T> {
  const { value, ...asked } = useAsked(ask)
  return { ...asked, rows: computed(() => value.value?.items ?? []), count: computed(() => value.value?.count ?? 0) }
}
