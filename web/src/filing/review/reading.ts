import { computed, ref, shallowRef } from 'vue'
import { Intent } from '../../api/intent'
import { newKey } from '../../api/key'
import { Problem } from '../../api/problem'
import { useSession } from '../../session'
import { patiently, useAsked } from '../../work/loading'
import { useStandards } from '../../work/standards'
import type { FilingOptions, NameOfPerson, People, Remark } from '../types'
import { answerReview, names, openReview, options, people, review } from './asking'
import { conflictText, isConflict } from './conflicts'
import { groupsOf, type Known } from './items'
import type { Review } from './types'

interface Read {
  review: Review
  people: People
  names: ReadonlyMap<string, NameOfPerson>
  options: FilingOptions
}

const NOT_HERE = '备案由市级监管部门审核，您可以查看。'

const ONLY_READS = '您的账户只能查阅，审核由有审核权限的同事办理。'

/** Who may answer: regulators of the city. Whoever else reads it is told why they only read. */
export function useReviewer() {
  const session = useSession()
  const isCity = computed(() => session.account?.kind === 'regulator' && session.seesCity && !session.onlyReads)
  const refused = ref('')
  const onlyReads = computed(() => refused.value || (isCity.value ? '' : session.onlyReads ? ONLY_READS : NOT_HERE))
  return { onlyReads, refused }
}

/** Opening is recorded once; it is a step of the filing, so what is shown is read again after it. */
async function opened(operatorId: string, may: () => boolean, refuse: (why: string) => void): Promise<Review> {
  const found = await patiently(() => review(operatorId))
  const me = useSession().account?.id ?? ''
  if (!may() || found.opened_by.includes(me)) return found
  try {
    await openReview(operatorId, found.number, newKey())
  } catch (error) {
    if (!(error instanceof Problem) || (error.status !== 403 && !isConflict(error))) throw error
    if (error.status === 403) refuse(error.title)
  }
  return patiently(() => review(operatorId))
}

/** A submission under review: what it holds, who has opened it, and the answer to it. */
export function useReview(operatorId: string) {
  const standards = useStandards()
  const { onlyReads, refused } = useReviewer()
  const { value, problem, loading, load } = useAsked<Read>(async () => {
    const found = await opened(operatorId, () => !onlyReads.value, (why) => (refused.value = why))
    const [persons, known, lists] = await Promise.all([people(operatorId), names(operatorId), options()])
    await standards.needNames([...found.opened_by, ...found.resources.map(accountOf)])
    return { review: found, people: persons, names: known, options: lists }
  })
  const known = computed<Known>(() => ({
    province: (code) => value.value?.options.provinces.find((province) => province.code === code)?.name ?? code,
    account: (id) => standards.who(id),
    names: value.value?.names ?? new Map(),
  }))
  const groups = computed(() => (value.value ? groupsOf(value.value.review, value.value.people, known.value) : []))
  return { value, problem, loading, load, groups, onlyReads, ...useAnswer(() => value.value?.review ?? null, load, () => problem.value) }
}

const accountOf = ({ now }: Review['resources'][number]) => (now.kind === 'person' ? now.account_id : null)

/** The answer. Where somebody was quicker it is read again; `conflict` then says what happened. */
function useAnswer(current: () => Review | null, load: () => Promise<void>, lost: () => Problem | null) {
  const busy = ref(false)
  const conflict = ref('')
  const refusal = shallowRef<Problem | null>(null)
  const intent = new Intent()

  async function readAgain(before: Review): Promise<void> {
    await load()
    const gone = lost()
    if (gone && gone.status !== 404) return
    conflict.value = conflictText(before, gone ? null : current())
  }

  /** Whether it was accepted. */
  async function answer(remarks: Remark[]): Promise<boolean> {
    const asked = current()
    if (!asked || busy.value) return false
    busy.value = true
    conflict.value = ''
    refusal.value = null
    try {
      const body = { number: asked.number, passed: !remarks.length, remarks }
      await answerReview(asked, body, intent.keyFor([asked.stage, asked.version, body]))
      return true
    } catch (error) {
      const problem = error as Problem
      if (problem instanceof Problem && isConflict(problem)) await readAgain(asked)
      else refusal.value = problem
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, conflict, refusal, answer }
}
