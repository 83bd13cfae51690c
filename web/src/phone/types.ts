/** What the phone takes along and what it keeps. Shapes of the API as `docs/contracts-working-day.md` fixes them. */
import type { Medium } from '../api/types'

export type Datum = 'WGS-84' | 'CGCS2000' | 'GCJ-02' | 'BD-09'
export type Values = Record<string, unknown>

export interface Place { longitude: string; latitude: string; datum: Datum }
export interface Fix extends Place { accuracy_m: string; fixed_at: string }
export interface FileRef { sha256: string; size: number; media_type: string; name: string | null }
export interface CycleRef { plan_id: string; item: number; number: number }

export interface Work extends CycleRef {
  content: string
  opens: string
  closes: string
  slack_days: number
  last_done: string | null
  assigned: boolean
}

export interface InstrumentBrief { id: string; kind: string; factor: string | null; model: string; serial_number: string; range?: unknown }

/** One monitoring point with all that is needed to work there with no network. */
export interface Task {
  point: { id: string; code: string; name: string; medium: Medium; location: Place | null; outlet_id: string }
  enterprise: { id: string; name: string; address: string }
  contract_id: string | null
  instruments: InstrumentBrief[]
  work: Work[]
  last: Record<string, Values>
}

export interface Colleague { id: string; name: string; label: string }

export interface Opening { point_id: string; contract_id: string | null; cycles: CycleRef[]; claimed_at: string }
export interface Used { name: string; model: string | null; quantity: string; unit: string; lot: string | null; expires: string | null }

export type BackfillClass = 'safety' | 'secrecy' | 'signal' | 'other'

/** A visit as this phone made it. It exists here whether or not the server has heard of it. */
export interface Visit {
  id: string
  opening: Opening
  task: Task
  day: string
  contents: string[]
  sign_in: { claimed_at: string; companions: string[]; fix: Fix | null } | null
  obstruction: { what: string; claimed_at: string } | null
  backfill: { reason_class: BackfillClass; explanation: string; claimed_at: string } | null
  abort: { reason: string; claimed_at: string } | null
  sign_out: { claimed_at: string; sheets: string[]; photos: string[] } | null
}

/** A record sheet as written so far. Every keystroke lands here. */
export interface Sheet {
  id: string
  visit: string
  form: string
  form_version: number
  title: string
  content: string
  instruments: string[]
  values: Values
  used: Used[]
  /** Revision ids that the next one supersedes. */
  heads: string[]
  state: 'draft' | 'done'
  touched_at: string
}

export interface PhotoKept {
  id: string
  visit: string
  of: string
  original: FileRef
  shown: FileRef | null
  taken_at: string
}

/** The bytes of a file, until the server has acknowledged them by hash. */
export interface FileKept { sha256: string; media_type: string; name: string; bytes: ArrayBuffer }

export interface SheetRevision {
  sheet_id: string
  revision_id: string
  supersedes: string[]
  form: string
  form_version: number
  content: string
  instruments: string[]
  values: Values
  used: Used[]
  by?: string
  claimed_at: string
  received_at?: string
  reason: string | null
  computed?: Record<string, string>
}

export interface Confirmation { id: string; state: string; due_at: string; signed_at: string | null; late: boolean }

export interface VisitRow {
  id: string
  version: number
  day: string
  state: 'open' | 'complete' | 'aborted'
  enterprise_name: string
  point_id: string
  point_name: string
  medium: Medium
  by: string
  contents: string[]
  sheets: number
  photos: number
  marks: string[]
  backfilled: boolean
  obstructed: boolean
  conflict: boolean
  sign_in_at: string | null
  sign_out_at: string | null
  distance_m: string | null
  confirmation: Confirmation | null
}

export interface VisitSheet { sheet_id: string; form: string; form_version: number; content: string; heads: SheetRevision[]; revisions: SheetRevision[] }

export interface PhotoSeen { photo_id: string; of: string; original: FileRef; shown: FileRef | null; taken_at: string }

export interface VisitSeen extends Omit<VisitRow, 'sheets' | 'photos'> {
  opened: Opening
  sheets: VisitSheet[]
  photos: PhotoSeen[]
  backfill: { reason_class: BackfillClass; explanation: string } | null
  obstruction: { what: string } | null
}
