/** The rows of the grid: what a person typed, and how it becomes the pairs of a document. */
import type { Json } from '../walking'
import { stripped } from '../units'

type Value = 'reference' | 'first' | 'second' | 'measured'
export type Column = Value | 'from' | 'to'
export type PairRow = Record<Column, string> & { substitute: boolean }

export const NAMES: Record<Column, string> = { reference: '参比值', first: '平行样 1', second: '平行样 2', measured: '仪器值', from: '开始时间', to: '结束时间' }
const TIMES: readonly Column[] = ['from', 'to']
export const isTime = (column: Column): boolean => TIMES.includes(column)
/** A laboratory's value is one number, or the mean of two determinations. */
export const columnsOf = (parallels: boolean, times = false): Column[] => [...(times ? TIMES : []), ...(parallels ? (['first', 'second', 'measured'] as const) : (['reference', 'measured'] as const))]
const valuesOf = (columns: readonly Column[]) => columns.filter((column) => !isTime(column))

export const emptyRow = (): PairRow => ({ reference: '', first: '', second: '', measured: '', from: '', to: '', substitute: false })
/** A time alone is no pair. */
export const isBlank = (row: PairRow, columns: readonly Column[]): boolean => valuesOf(columns).every((column) => !stripped(row[column]))
const isHalf = (row: PairRow, columns: readonly Column[]): boolean => !isBlank(row, columns) && valuesOf(columns).some((column) => !stripped(row[column]))

const lastFilled = (rows: readonly PairRow[], columns: readonly Column[]): number => rows.findLastIndex((row) => !isBlank(row, columns))

/** How many rows count now: a last one that is still being typed does not. */
export function settled(rows: readonly PairRow[], columns: readonly Column[]): { count: number; typing: boolean } {
  const last = lastFilled(rows, columns)
  const typing = last >= 0 && isHalf(rows[last]!, columns)
  return { count: typing ? lastFilled(rows.slice(0, last), columns) + 1 : last + 1, typing }
}

/** Always one empty row below, so that there is a place for the next pair. */
export function withRoom(rows: PairRow[], columns: readonly Column[], least: number, most: number): PairRow[] {
  const wanted = Math.min(most, Math.max(least, lastFilled(rows, columns) + 2, rows.length))
  return wanted > rows.length ? [...rows, ...Array.from({ length: wanted - rows.length }, emptyRow)] : rows
}

const CLOCK = /^(\d{1,2})[:：](\d{2})(?:[:：]\d{2})?$/
const MOMENT = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[ T]+(\S+)$/
const two = (digits: string) => digits.padStart(2, '0')

/** A time as it is typed or comes from a spreadsheet, in the document's form; a clock alone is of `day`. What cannot be read stays as it is, and is refused. */
export function timeOf(text: string, day: string): string {
  const [whole, year, month, date, rest] = MOMENT.exec(stripped(text)) ?? []
  const [clock, hour, minute] = CLOCK.exec(rest ?? stripped(text)) ?? []
  if (!clock || (!whole && !day)) return text
  return `${whole ? `${year}-${two(month!)}-${two(date!)}` : day}T${two(hour!)}:${minute}`
}

/** `day`: of the work, for times without one. */
export function timesOf(row: PairRow, day: string): Json {
  return Object.fromEntries(TIMES.filter((column) => stripped(row[column])).map((column) => [column, timeOf(row[column], day)]))
}

export function pairOf(row: PairRow, parallels: boolean): Json {
  const reference = parallels ? (stripped(row.first + row.second) ? { parallels: [row.first, row.second] } : {}) : { reference: row.reference }
  return { ...reference, measured: row.measured, ...(row.substitute ? { substitute: true } : {}) }
}

const AT_PAIR = /\/pairs\/([0-9]+)(?:\/(reference|measured|parallels|from|to)(?:\/([01]))?)?/

/** The cell that a pointer of the document is about; without a column where it is about the whole row. */
export function cellAt(at: string, parallels: boolean): { row: number; column: Column | null } | null {
  const found = AT_PAIR.exec(at)
  if (!found) return null
  const row = Number(found[1])
  if (found[2] === 'measured' || found[2] === 'from' || found[2] === 'to') return { row, column: found[2] }
  if (found[2] === undefined) return { row, column: null }
  return { row, column: parallels ? (found[3] === '1' ? 'second' : 'first') : 'reference' }
}

/** A sentence of a document with one factor, without naming that one. */
export const onThisPage = (sentence: string): string => sentence.replaceAll('第 1 个点位第 1 个因子', '').replace(/^的/, '')
