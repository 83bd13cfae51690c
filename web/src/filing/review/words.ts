import { moment, today } from '../../days'
import { daysBetween } from '../../work/dates'
import type { Word } from '../../work/words'
import type { FilingRow } from '../types'

/** A change in the submission was reported after its term. */
export const LATE: Word = { text: '变更逾期报告', tone: 'warning' }
export const LATE_FILTERS = [{ value: 'true', text: '有变更逾期' }, { value: 'false', text: '没有逾期' }]

/** So many days in its step, a submission has waited long. */
export const LONG_DAYS = 3
export const OFTEN = 2

/** How many days it has been in its state, counted by the calendar. */
export const daysWaiting = (row: Pick<FilingRow, 'moved_at'>, day = today()): number => daysBetween(moment(row.moved_at).slice(0, 10), day)

export interface WaitingFigures { waiting: number; long: number; often: number }

export function figuresOf(rows: readonly FilingRow[], day = today()): WaitingFigures {
  const long = rows.filter((row) => daysWaiting(row, day) > LONG_DAYS).length
  return { waiting: rows.length, long, often: rows.filter((row) => row.returned >= OFTEN).length }
}
