/** Shapes of the working day as `docs/contracts-working-day.md` lists them. Amounts and readings are decimal strings. */

import type { Medium } from './types'

export * from './types-confirmations'
export * from './types-files'
export * from './types-plans'
export * from './types-visits'

// The standards

export interface Content {
  code: string
  name: string
  media: Medium[]
  forms: string[]
}

export interface Interval {
  rule_id: string
  content: string
  medium: Medium | null
  principle?: string | null
  days_max: number
  about?: string
  source: string
  confidence: string
}

export interface HolidayCalendar {
  version: string
  holidays: Record<string, string>
  workdays: string[]
}

// Figures

export interface BoardFigures {
  planned: number
  done: number
  missed: number
  visits: number
  late: number
  backfilled: number
  outside_fence: number
  unsigned: number
  signed_late: number
  disputed: number
  escalated: number
  originals_late: number
}

export interface BoardRow extends BoardFigures {
  key: string
  name: string
}

/** A page of the board; totals and count are of all pages. */
export interface Board {
  rows: BoardRow[]
  totals: BoardFigures
  count: number
  next: string | null
}
