/** The day whose filing is looked at, and what was known by when: both in the address, so that Back, reload and a sent link return to them. */
import { computed, reactive, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useWhen } from '../pages/register'
import { filterOf, queryOf } from '../work/filters'

const TODAY = { as_of: '', as_known: '' }
export type Days = typeof TODAY

/** What else stands in the address stays, but for the number of a page: another day has another list. */
export function useDays() {
  const route = useRoute()
  const router = useRouter()
  const name = route.name
  const days = reactive(filterOf(route.query, TODAY))
  const { asOf, asKnown } = useWhen(days)
  watch(days, (chosen) => {
    const { as_of: _, as_known: __, page: ___, ...others } = route.query
    void router.replace({ query: { ...others, ...queryOf({ ...chosen }) } })
  })
  watch(() => route.query, (query) => {
    if (route.name === name) Object.assign(days, filterOf(query, TODAY))
  })
  return { days, asOf, asKnown, query: computed(() => queryOf({ ...days })), isPast: computed(() => !!days.as_of || !!days.as_known) }
}

/** What a page of the past says of itself. */
export function pastText({ as_of, as_known }: Days): string {
  const known = as_known ? `，只算到 ${as_known} 为止已记录的内容，之后的更正和撤销不算` : '，包括后来才记录的更正和撤销'
  const day = as_of ? ` ${as_of} ` : '今天'
  return `以下是${day}的备案${known}。只能查看，不能办理。`
}
