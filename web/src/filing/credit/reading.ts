import { computed } from 'vue'
import { useRoute } from 'vue-router'
import { useSession } from '../../session'

/** Whose information a page shows, and whether it may be written: an operator's own by its managers; offices read that of the operator in the address. */
export function useCredit() {
  const route = useRoute()
  const session = useSession()
  const named = String(route.params.operatorId ?? '')
  const operatorId = computed(() => named || (session.account?.organisation ?? ''))
  const writes = computed(() => !named && session.isManager)
  return { operatorId, writes, isOwn: !named, base: named ? `/filings/${named}/credit` : '/credit' }
}
