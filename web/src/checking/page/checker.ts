/** What the checker page holds: the choice, the pairs, and what follows from them. Nothing of it leaves the browser. */
import { computed, reactive, ref, watch } from 'vue'
import { today } from '../../days'
import { DATA } from '../data'
import { check, typed } from '../index'
import { stripped } from '../units'
import type { Json } from '../walking'
import { asksLimit, factorsOf, kindOf, KINDS, takesParallels, takesSubstitute, unitsOf } from './choices'
import type { Example } from './examples'
import { cellAt, columnsOf, emptyRow, onThisPage, pairOf, settled, withRoom, type Column, type PairRow } from './pairs'

export const ROWS_LEAST = 9
export const ROWS_MOST = DATA.reading.pairs_max

interface Message { column: Column | null; wrong: boolean; sentence: string }
const emptyRows = () => Array.from({ length: ROWS_LEAST }, emptyRow)
const usual = KINDS.find(({ docType }) => docType === 'verification')?.key ?? KINDS[0]!.key

export function useChecker() {
  const chosen = reactive({ kind: usual, factor: factorsOf(kindOf(usual))[0]!.code, unit: '', emissionLimit: '', day: today(), parallels: false })
  const rows = ref<PairRow[]>(emptyRows())
  const said = ref({ sentence: '', wrong: false })
  const before = ref<PairRow[] | null>(null)
  const kind = computed(() => kindOf(chosen.kind))
  const factors = computed(() => factorsOf(kind.value))
  const units = computed(() => unitsOf(chosen.factor))
  const asks = computed(() => ({ limit: asksLimit(kind.value, chosen.factor), parallels: takesParallels(kind.value, chosen.factor), substitute: takesSubstitute(kind.value, chosen.factor) }))
  const parallels = computed(() => asks.value.parallels && chosen.parallels)
  const columns = computed(() => columnsOf(parallels.value))

  watch(factors, (found) => found.some(({ code }) => code === chosen.factor) || (chosen.factor = found[0]!.code), { flush: 'sync' })
  watch(units, (found) => found.includes(chosen.unit) || (chosen.unit = found[0]!), { immediate: true, flush: 'sync' })
  watch([rows, columns], () => (rows.value = withRoom(rows.value, columns.value, ROWS_LEAST, ROWS_MOST)), { flush: 'sync' })

  const counts = computed(() => settled(rows.value, columns.value))
  const document = computed((): Json | null => (counts.value.count ? documentOf() : null))
  const checked = computed(() => document.value && check(document.value))
  const reading = computed(() => document.value && typed(document.value))
  const pairs = computed(() => reading.value?.pairs ?? [])

  function documentOf(): Json {
    const pairs = rows.value.slice(0, counts.value.count).map((row) => pairOf(asks.value.substitute ? row : { ...row, substitute: false }, parallels.value))
    const limit = asks.value.limit && stripped(chosen.emissionLimit) ? { emission_limit: chosen.emissionLimit } : {}
    return {
      document: 'report.v1', doc_type: kind.value.docType, basis: kind.value.basis, performed: { from: `${chosen.day}T00:00`, to: `${chosen.day}T23:59` },
      points: [{ id: '1', factors: [{ factor: chosen.factor, unit: chosen.unit, ...limit, pairs }] }],
    }
  }

  const told = computed(() => [
    ...(checked.value?.problems ?? []).map(({ at, sentence }) => ({ at, wrong: true, sentence })),
    ...(reading.value?.taken ?? []).map(({ at, sentence }) => ({ at, wrong: false, sentence })),
  ])
  const messages = computed(() => {
    const found = new Map<number, Message[]>()
    for (const { at, wrong, sentence } of told.value) {
      const cell = cellAt(at, parallels.value)
      if (cell) found.set(cell.row, [...(found.get(cell.row) ?? []), { column: cell.column, wrong, sentence: onThisPage(sentence) }])
    }
    return found
  })
  /** What is wrong elsewhere than in the grid. */
  const elsewhere = computed(() => (checked.value?.problems ?? []).filter(({ at }) => !cellAt(at, parallels.value)).map(({ sentence }) => onThisPage(sentence)))

  /** Puts other rows in their place, and keeps those that were there until the next time. */
  function replace(next: PairRow[]): void {
    before.value = rows.value
    rows.value = next
  }
  function undo(): void {
    if (!before.value) return
    rows.value = before.value
    before.value = null
    said.value = { sentence: '已恢复。', wrong: false }
  }
  function clear(): void {
    replace(emptyRows())
    said.value = { sentence: '已清空。', wrong: false }
  }
  function load(example: Example): void {
    Object.assign(chosen, { kind: example.kind, factor: example.factor, unit: example.unit, parallels: false })
    replace(example.rows)
    said.value = { sentence: `已载入算例“${example.title}”。`, wrong: false }
  }
  const tell = (sentence: string, wrong: boolean) => (said.value = { sentence, wrong })

  return { chosen, rows, said, before, kind, factors, units, asks, parallels, counts, checked, pairs, messages, elsewhere, replace, undo, clear, load, tell }
}
