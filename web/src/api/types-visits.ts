/** Visits and what they are made of. */

import type { ConfirmationState, Mark } from '../work/words'
import type { Medium } from './types'
import type { Confirmation } from './types-confirmations'
import type { Fix, Photo, SignatureFiles } from './types-files'

export interface CycleRef {
  plan_id: string
  item: number
  number: number
}

export interface Judged {
  distance_m?: string | null
  radius_m: string
  marks: Mark[]
}

export interface SignIn {
  by: string
  companions?: string[]
  claimed_at: string
  received_at: string
  fix?: Fix | null
  judged: Judged
}

export interface SignOut {
  by: string
  claimed_at: string
  received_at: string
  fix?: Fix | null
  judged: Judged
  sheets: string[]
  photos: string[]
  signature: SignatureFiles
}

export interface Finding {
  field: string
  rule: string
  level: 'note' | 'warning'
  sentence: string
}

export interface Used {
  name: string
  model?: string | null
  quantity: string
  unit: string
  lot?: string | null
  expires?: string | null
}

export type Values = Record<string, unknown>

export interface SheetRevision {
  sheet_id: string
  revision_id: string
  supersedes?: string[]
  form: string
  form_version: number
  content: string
  instruments?: string[]
  values: Values
  computed?: Record<string, string>
  findings?: Finding[]
  used?: Used[]
  by: string
  claimed_at: string
  received_at: string
  reason?: string | null
}

export interface Sheet {
  sheet_id: string
  form: string
  form_version: number
  content: string
  heads: SheetRevision[]
  revisions: SheetRevision[]
}

export interface Backfill {
  reason_class: 'safety' | 'secrecy' | 'signal' | 'other'
  explanation: string
  by: string
  claimed_at: string
  received_at: string
}

export interface Obstruction {
  what: string
  by: string
  claimed_at: string
  received_at: string
}

export interface Opened {
  contract_id?: string | null
  cycles: CycleRef[]
  by: string
  claimed_at: string
  received_at: string
}

/** What is signed: the parsed canonical text. Absent values are left out of it. */
export interface VisitContent {
  visit_id: string
  cycles: CycleRef[]
  sign_in?: SignIn | null
  sheets: SheetRevision[]
  photos: Photo[]
  sign_out?: SignOut | null
  backfill?: Backfill | null
  obstruction?: Obstruction | null
}

export interface VisitRow {
  id: string
  version: number
  day: string
  state: 'open' | 'complete' | 'aborted'
  operator_id: string
  operator_name: string
  enterprise_id: string
  enterprise_name: string
  point_id: string
  point_name: string
  medium: Medium | null
  district: string
  by: string
  contents: string[]
  sheets: number
  photos: number
  marks: Mark[]
  backfilled: boolean
  obstructed: boolean
  conflict: boolean
  sign_in_at: string | null
  sign_out_at: string | null
  distance_m: string | null
  confirmation: { id: string; state: ConfirmationState; due_at: string; signed_at: string | null; late: boolean | null } | null
}

export interface Visit extends Omit<VisitRow, 'sheets' | 'photos' | 'confirmation'> {
  opened: Opened | null
  sign_in: SignIn | null
  sign_out: SignOut | null
  sheets: Sheet[]
  photos: Photo[]
  backfill: Backfill | null
  obstruction: Obstruction | null
  aborted: { reason: string; by: string; claimed_at: string; received_at: string } | null
  completed: { content_sha256: string; at: string } | null
  amendments: { content_sha256: string; at: string; cause: string | null }[]
  content: { text: string; sha256: string } | null
  confirmation: Confirmation | null
}
