import { ref } from 'vue'
import { get } from '../api'
import type { NameOfPerson } from '../filing/types'
import { personName } from '../filing/words'
import { useSession } from '../session'

/** The people of the operator's filing, whom its accounts belong to. Without an answer nobody is offered. */
export function useFiledPeople() {
  const session = useSession()
  const people = ref<NameOfPerson[]>([])
  const nameOf = (person: string | null) => people.value.filter(({ id }) => id === person).map(personName)[0] ?? ''

  async function load(): Promise<void> {
    const operator = session.account?.organisation
    if (!session.isOperator || !operator) return
    people.value = await get('/api/filing/filings/{operator_id}/names', { path: { operator_id: operator } }).then(({ items }) => items, () => [])
  }

  return { people, nameOf, load }
}
