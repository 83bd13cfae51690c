import { computed, reactive, watch } from 'vue'
import { useRoute, useRouter, type LocationQuery } from 'vue-router'

/** What of an address is a filter: the names asked for, texts only, with their defaults. */
export function filterOf<T extends Record<string, string>>(query: LocationQuery, defaults: T): T {
  const given = Object.keys(defaults).map((key) => [key, typeof query[key] === 'string' ? query[key] : defaults[key]])
  return Object.fromEntries(given) as T
}

/** The address without what is empty, so that it stays short enough to send. */
export const queryOf = (filter: Record<string, string>): Record<string, string> => Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ''))

/** What else stands in the address: the day that a page shows is not the filter's to take away. */
const othersOf = (query: LocationQuery, defaults: object) => Object.fromEntries(Object.entries(query).filter(([key]) => !(key in defaults)))

/** A filter that lives in the address: it can be kept, sent, and gone back to. Changing it changes the address and asks again. */
export function useFilter<T extends Record<string, string>>(defaults: T, changed: () => void): T {
  const route = useRoute()
  const router = useRouter()
  const name = route.name
  const filter = reactive(filterOf(route.query, defaults)) as T
  watch(filter, () => {
    void router.replace({ query: { ...othersOf(route.query, defaults), ...queryOf(filter) } })
    changed()
  })
  // A link to the same page with other filters, from a menu or another number of the board.
  watch(() => route.query, (query) => {
    if (route.name === name && JSON.stringify(queryOf(filterOf(query, defaults))) !== JSON.stringify(queryOf(filter))) Object.assign(filter, filterOf(query, defaults))
  })
  return filter
}

/** What stands elsewhere on the page than among the folded filters. */
const ELSEWHERE: readonly string[] = ['search', 'as_of', 'as_known']

/** How many filters are other than the page begins with; a period is one. */
export function filtersSet(asked: Record<string, string>, defaults: Record<string, string>): number {
  const set = Object.keys(defaults).filter((name) => !ELSEWHERE.includes(name) && asked[name] !== defaults[name])
  return new Set(set.map((name) => (name === 'to' ? 'from' : name))).size
}

/** What a list is asked for: its filters and the number of its page, all in the address, so that Back, reload and a sent link return to them. */
export function useListQuery<T extends Record<string, string>>(defaults: T, load: () => void) {
  const query = useFilter({ ...defaults, page: '' }, load)
  const asked = computed(() => Object.fromEntries(Object.keys(defaults).map((key) => [key, query[key]!])) as T)
  const page = computed({ get: () => Math.max(1, Number.parseInt(query.page, 10) || 1), set: (number) => ((query as { page: string }).page = number > 1 ? String(number) : '') })
  // Other filters give another list: its third page is nothing that anybody asked for. At once, so that an address that names both keeps its page.
  watch(() => JSON.stringify(asked.value), () => (page.value = 1), { flush: 'sync' })
  const set = computed(() => filtersSet(asked.value, defaults))
  return { filter: query as unknown as T, asked, page, set }
}
