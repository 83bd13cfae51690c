import { computed, reactive, watch } from 'vue'

/** The day whose state is looked at, and what was known by when, as parts of a filter in the address: Back and reload return to that day. */
export function useWhen(filter: { as_of: string; as_known: string }) {
  const day = (name: 'as_of' | 'as_known') => computed<string | null>({ get: () => filter[name] || null, set: (chosen) => (filter[name] = chosen ?? '') })
  return { asOf: day('as_of'), asKnown: day('as_known') }
}

/** The text of a search: it is typed first, and searched for when it is whole. The same text again asks again. */
export function useTyped(filter: { search: string }, again: () => void) {
  const typed = reactive({ text: filter.search, search })
  function search(): void {
    const text = typed.text.trim()
    if (text === filter.search) again()
    else filter.search = text
  }
  watch(() => filter.search, (text) => (typed.text = text))
  return typed
}
