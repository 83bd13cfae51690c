/** Shapes of the working day as `docs/contracts-working-day.md` lists them. Amounts and readings are decimal strings. */

import type { Medium } from './types'
import type { ConfirmationState, Mark } from '../work/words'

export interface FileRef {
  sha256: string
  size: number
  media_type: string
  name?: string | null
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

// Places, contracts, plans

export interface PlacePoint {
  id: string
  code: string
  name: string
  medium: Medium
  outlet_id: string
  factors: string[]
}

export interface Places {
  enterprise: { id: string; name: string; uscc: string; district: string }
  points: PlacePoint[]
}

export interface ContractParticulars {
  number: string
  name: string
  operator_name: string
  points: string[]
  first_day: string
  last_day: string
  amount: string | null
  subcontracted: boolean
  subcontract_amount: string | null
  summary: string | null
}

export interface ContractRow {
  id: string
  version: number
  operator_id: string
  operator_name: string
  enterprise_id: string
  enterprise_name: string
  district: string
  particulars: ContractParticulars
  points: { id: string; name: string; medium: Medium }[]
  submitted_at: string
}

export interface Supplement {
  text: string
  files: FileRef[]
  recorded_at: string
}

export interface Contract extends ContractRow {
  files: FileRef[]
  supplements: Supplement[]
  plans: PlanRow[]
}

export interface Assignee {
  account: string
  certificate_to: string | null
}

export interface Device {
  name: string
  serial_number: string
  calibrated_to: string | null
}

export interface PlanItem {
  content: string
  rule: string
  gap_days_max: number | null
  basis: string | null
}

export interface Window {
  number: number
  opens: string
  closes: string
}

export interface PlanDraft {
  contract_id: string
  name: string
  points: string[]
  assignees: Assignee[]
  devices: Device[]
  first_day: string
  last_day: string
  items: PlanItem[]
}

export interface PlanPreview {
  items: { content: string; windows: Window[] }[]
  problems: { field: string; rule: string; sentence: string }[]
}

export interface PlanRow {
  id: string
  version: number
  contract_id: string
  name: string
  enterprise_id: string
  enterprise_name: string
  operator_id: string
  operator_name: string
  first_day: string
  last_day: string
  stopped_on?: string | null
}

export interface Plan extends PlanRow {
  points: { id: string; name: string; medium: Medium }[]
  assignees: Assignee[]
  devices: Device[]
  items: (PlanItem & { windows: Window[] })[]
}

export type CycleState = 'open' | 'done' | 'missed' | 'stopped'

export interface Cycle {
  plan_id: string
  item: number
  number: number
  point_id: string
  point_name: string
  enterprise_id: string
  enterprise_name: string
  operator_id: string
  operator_name: string
  content: string
  opens: string
  closes: string
  state: CycleState
  visit_id: string | null
  done_on: string | null
  slack_days: number | null
}

export interface Colleague {
  id: string
  name: string
  label: string
}

// Visits

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
  medium: Medium
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
  confirmation: { id: string; state: ConfirmationState; due_at: string; signed_at: string | null; late: boolean } | null
}

export interface Visit extends Omit<VisitRow, 'sheets' | 'photos' | 'confirmation'> {
  opened: Opened | null
  sign_in: SignIn | null
  sign_out: SignOut | null
  sheets: Sheet[]
  photos: Photo[]
  backfill: Backfill | null
  obstruction: Obstruction | null
  completed: { day: string; content_sha256: string } | null
  amendments: { content_sha256: string; cause: string; recorded_at?: string }[]
  content: { text: string; sha256: string } | null
  confirmation: Confirmation | null
}

// Confirmations

export interface ConfirmationRow {
  id: string
  version: number
  visit_id: string
  state: ConfirmationState
  visit_day: string
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
  late: boolean
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

export interface Confirmation extends ConfirmationRow {
  steps: Step[]
  signature?: SignatureFiles | null
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

export interface Board {
  rows: BoardRow[]
  totals: BoardFigures
}

export interface Checked {
  known: boolean
  matches: boolean
  signed_at: string | null
  late: boolean
}
