import { computed, nextTick, onScopeDispose, ref, watch, type ComputedRef } from 'vue'
import { isSame } from './conflicts'
import type { Group, Item } from './items'
import { actionOf, stepped, type Action } from './keyboard'
import { counted, keptMarks, missingIn, PASSED, type Mark, type Marks } from './marks'
import type { Review } from './types'

/** Going through the fields of a submission, by mouse or by keys, and marking each. */
export function useMarking(groups: ComputedRef<Group[]>, may: () => boolean) {
  const items = computed(() => groups.value.flatMap((group) => group.items))
  const marks = ref<Marks>({})
  const at = ref(0)
  const errors = ref<Record<string, string>>({})
  const current = computed<Item | null>(() => items.value[at.value] ?? null)
  const group = computed(() => groups.value.find((found) => found.items.includes(current.value!)) ?? null)
  const counts = computed(() => counted(items.value, marks.value))

  function set(key: string, mark: Mark): void {
    if (!may()) return
    marks.value = { ...marks.value, [key]: mark }
    const { [key]: _, ...others } = errors.value
    errors.value = others
  }

  function passAll(of: Group): void {
    const unsaid = of.items.filter((item) => !marks.value[item.key])
    for (const item of unsaid) set(item.key, PASSED)
  }

  function go(to: number): void {
    at.value = to
    void nextTick(() => document.querySelector('[data-current=true]')?.scrollIntoView?.({ block: 'nearest' }))
  }

  /** By the key: the reason is what is written next. */
  function giveBack(item: Item): void {
    if (marks.value[item.key]?.passed !== false) set(item.key, { passed: false, reason: '', text: '' })
    void nextTick(() => document.querySelector<HTMLElement>('[data-current=true] .reason input')?.focus())
  }

  function act(action: Action): void {
    const item = current.value
    if (!item) return
    if (action === 'pass') set(item.key, PASSED)
    if (action === 'return') giveBack(item)
    else go(stepped(at.value, action === 'pass' ? 'next' : action, items.value.length))
  }

  /** Every return says why; the first that does not is shown. */
  function complete(): boolean {
    errors.value = missingIn(items.value, marks.value)
    const first = items.value.findIndex((item) => errors.value[item.key])
    if (first >= 0) go(first)
    return first < 0
  }

  useKeys((action) => {
    if (may() || action === 'next' || action === 'previous') act(action)
  })
  return { items, marks, at, current, group, counts, errors, set, passAll, go, complete }
}

function useKeys(then: (action: Action) => void): void {
  const hear = (pressed: KeyboardEvent) => {
    const action = actionOf(pressed)
    if (!action) return
    pressed.preventDefault()
    then(action)
  }
  window.addEventListener('keydown', hear)
  onScopeDispose(() => window.removeEventListener('keydown', hear))
}

/** Marks are about one submission at one step: what a reload shows unchanged keeps them. */
export function keepMarks(review: () => Review | null, marking: ReturnType<typeof useMarking>, begun: (review: Review) => void): void {
  let last: { review: Review; items: readonly Item[] } | null = null
  watch(review, (now) => {
    if (!now) return
    const same = last && isSame(last.review, now)
    marking.marks.value = last && same ? keptMarks(last.items, marking.items.value, marking.marks.value) : {}
    if (!same) marking.at.value = 0
    last = { review: now, items: marking.items.value }
    if (!same) begun(now)
  }, { immediate: true })
}
