/** What an enterprise is asked to confirm, and what became of it. */

import type { ConfirmationState } from '../work/words'
import type { FileRef, SignatureFiles } from './types-files'

export interface Statement {
  version: string
  text: string
}

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
  /** When the last original of the content came; null: nobody has said so yet. */
  originals_at?: string | null
  originals_late?: boolean
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

/** Whether a printed code is one of ours. */
export interface Checked {
  known: boolean
  matches: boolean
  signed_at: string | null
  late: boolean | null
}
