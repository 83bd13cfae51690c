import { computed, onScopeDispose, watch, type Ref } from 'vue'
import { useSession } from '../../session'
import { useAsked } from '../../work/loading'
import { useStandards } from '../../work/standards'
import { report } from '../asking'
import type { Report } from '../types'

const AGAIN_MS = 2_000
/** After this nobody is kept waiting: the page says that the check has not come yet. */
const TIMES = 15

/** One report with the names of who acted on it. While its check is awaited it is asked for again. */
export function useReport(id: Ref<string>) {
  const standards = useStandards()
  const asked = useAsked<Report>(async () => {
    const found = await report(id.value)
    await standards.needNames(found.steps.map(({ by }) => by), `/views/reports/${found.id}`)
    return found
  })
  let left = TIMES
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(asked.value, (found) => {
    clearTimeout(timer)
    if (found?.state === 'submitted' && left-- > 0) timer = setTimeout(() => void asked.refresh(), AGAIN_MS)
  })
  watch(id, () => {
    left = TIMES
    void asked.load()
  })
  onScopeDispose(() => clearTimeout(timer))
  return asked
}

/** What this account may do with it; the services decide, the page only offers. */
export function useDoing(found: Ref<Report | null>) {
  const session = useSession()
  const state = computed(() => found.value?.state ?? 'withdrawn')
  const last = computed(() => found.value?.rounds.at(-1) ?? null)
  const verdict = computed(() => last.value?.verdicts.at(-1) ?? null)
  const reviewer = computed(() => session.account?.kind === 'regulator' && !session.onlyReads)
  return {
    last,
    verdict,
    reviewer,
    writes: computed(() => session.isOperator && !session.onlyReads && (state.value === 'draft' || state.value === 'returned')),
    withdraws: computed(() => session.isManager && ['draft', 'submitted', 'checked', 'returned'].includes(state.value)),
    replaces: computed(() => session.isOperator && !session.onlyReads && state.value === 'accepted'),
    reviews: computed(() => reviewer.value && state.value === 'checked' && !!verdict.value),
    reevaluates: computed(() => reviewer.value && !!verdict.value && state.value !== 'withdrawn'),
  }
}
