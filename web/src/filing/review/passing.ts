/** Passing several filings at once: which may be chosen, and why another may not. Pure. */
import type { FilingRow } from '../types'
import type { PassedFiling, Stage } from './types'

/** As many as the server takes in one request. */
export const AT_ONCE_MOST = 50
const ALONE: Record<FilingRow['by_itself'][number], string> = { returned: '退回过，须单独审核', contracts: '申报与合同不符，须单独审核' }

type Waiting = Pick<FilingRow, 'state' | 'opened_by' | 'by_itself'>

export const waits = ({ state }: Pick<FilingRow, 'state'>): boolean => state === 'first_review' || state === 'second_review'
export const stageOf = ({ state }: Pick<FilingRow, 'state'>): Stage => (state === 'first_review' ? 'first' : 'second')

/** Why this reviewer cannot pass it together with others; empty where it can be passed so. */
export function whyNot(row: Waiting, reviewer: string): string {
  const alone = row.by_itself[0]
  if (alone) return ALONE[alone]
  return row.opened_by.includes(reviewer) ? '' : '请先打开查看'
}

/** Of what was chosen, all that still waits for the review of the first of them. */
export function chosenOf<T extends FilingRow>(rows: readonly T[], chosen: ReadonlySet<string>, reviewer: string): T[] {
  const found = rows.filter((row) => chosen.has(row.operator_id) && !whyNot(row, reviewer))
  return found.filter((row) => row.state === found[0]?.state).slice(0, AT_ONCE_MOST)
}

/** The view may not have heard yet of what has passed: such rows are no longer shown as waiting. */
export function withoutPassed<T extends Pick<FilingRow, 'operator_id' | 'version'>>(rows: readonly T[], passed: readonly PassedFiling[]): T[] {
  const versions = new Map(passed.map(({ operator_id, version }) => [operator_id, version ?? 0]))
  return rows.filter(({ operator_id, version }) => version >= (versions.get(operator_id) ?? 0))
}
