import { monthName } from '../../work/dates'
import type { ExpiringPaper } from './types'

/** Papers that end on one day. */
export interface EndDay { day: string; papers: ExpiringPaper[] }
export interface EndMonth { month: string; title: string; count: number; days: EndDay[] }

function gathered<T>(rows: readonly T[], keyOf: (row: T) => string): [string, T[]][] {
  const found = new Map<string, T[]>()
  for (const row of rows) found.set(keyOf(row), [...(found.get(keyOf(row)) ?? []), row])
  return [...found]
}

const lastDay = (paper: ExpiringPaper) => paper.valid_to ?? ''

/** The papers of a list as a calendar shows them: by month, and in it by their last day. */
export function byMonth(papers: readonly ExpiringPaper[]): EndMonth[] {
  return gathered(papers, (paper) => lastDay(paper).slice(0, 7)).map(([month, rows]) => ({
    month, title: monthName(`${month}-01`), count: rows.length, days: gathered(rows, lastDay).map(([day, ending]) => ({ day, papers: ending })),
  }))
}

/** Who reads names may read them of one operator at a time: so they are asked for only where the list is of one. */
export function onlyOperator(papers: readonly ExpiringPaper[]): string | null {
  const operators = new Set(papers.map((paper) => paper.operator_id))
  return operators.size === 1 && papers.some((paper) => paper.resource_kind === 'person') ? [...operators][0]! : null
}
