/** Shapes of the working day as `docs/contracts-working-day.md` lists them. Amounts and readings are decimal strings. */

import type { Medium } from './types'
import type { ConfirmationState } from '../work/words'

export * from './types-plans'
export * from './types-visits'

export interface FileRef {
  sha256: string
  size: number
  media_type: string
  name?: string | null
}

/** How many files facts name, and the hashes of those whose originals nobody uploaded yet. */
export interface MissingFiles {
  files: number
  missing: string[]
}

/** What files says is there, on a token for the command that speaks of it. */
export interface Evidence {
  token: string
  contents: Record<string, MissingFiles>
  missing: string[]
}

export interface Fix {
  longitude: string
  latitude: string
  accuracy_m: string
  datum: string
  fixed_at: string
}

export interface Photo {
  photo_id: string
  of: string
  original: FileRef
  shown?: FileRef | null
  taken_at: string
  fix?: Fix | null
}

export interface SignatureFiles {
  image: FileRef
  strokes: FileRef
}

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

export interface Statement {
  version: string
  text: string
}

// Confirmations

export interface ConfirmationRow {
  id: string
  version: number
  visit_id: string
  state: ConfirmationState
  visit_day: string
  requested_at: string
  due_at: string
  content_sha256: string
  enterprise_id: string
  enterprise_name: string
  operator_id: string
  operator_name: string
  point_id: string
  point_name: string
  contents: string[]
  signed_at: string | null
  late: boolean | null
  signed_content_sha256: string | null
  disputed: boolean
  escalated: boolean
}

export interface Step {
  what: string
  at: string
  by: string | null
  text?: string | null
  photos?: FileRef[]
}

/** A signature as it was given; it speaks of its own hash and of nothing else. */
export interface Given {
  content_sha256: string
  statement_version: string
  statement: string
  by: string
  signed_at: string
  late: boolean
}

export interface Confirmation extends ConfirmationRow {
  steps: Step[]
  signature?: (Given & { signature: SignatureFiles }) | null
  statement?: string | null
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

export interface Checked {
  known: boolean
  matches: boolean
  signed_at: string | null
  late: boolean | null
}
