/** Shapes of the HTTP API as `docs/contracts.md` lists them. */

export type Kind = 'enterprise' | 'operator' | 'regulator' | 'administrator'
export type Medium = 'wastewater' | 'flue_gas'
export type InstrumentKind = 'wastewater_analyser' | 'sampler' | 'flue_gas_analyser'
export type Status = 'in_use' | 'closed' | 'replaced' | 'retired'
export type Particulars = Record<string, unknown>

export interface Account {
  id: string
  name: string
  label: string
  kind: Kind
  organisation: string | null
  district: string | null
  /** Within an operator; others have none. */
  role?: 'manager' | 'technician' | null
  organisation_name?: string | null
}

export interface Session {
  account: Account
  expires_at: string
  idle_minutes: number
}

export interface OpenSession {
  id: string
  device: string
  address: string
  since: string
  last_seen: string
  current: boolean
}

export interface Entry {
  id: string
  version: number
  status: Status
  particulars: Particulars
  valid_from: string
  valid_to: string | null
}

export interface EnterpriseRow {
  id: string
  version: number
  name: string
  uscc: string
  district: string
  address: string
  industry: string
  permit_number: string
  status: Status
  outlets: number
  points: number
  instruments: number
  changed_at: string
}

export interface Point extends Entry {
  instruments: Record<InstrumentKind, number>
}

export interface Contact {
  name?: string
  phone?: string
  erased?: boolean
  /** Its key is not in the key database: it can only be written anew. */
  lost?: boolean
}

export interface Outlet extends Entry {
  points: Point[]
}

export interface Instrument extends Entry {
  enterprise_id: string
  enterprise_name: string
  point_id: string
  point_name: string
  kind: InstrumentKind
  factor: string | null
  replaces: string | null
  replaced_by: string | null
  recorded_at: string
}

export interface ChainLink {
  id: string
  model: string
  status: Status
  valid_from: string | null
  valid_to: string | null
}

export interface Change {
  field: string
  label: string
  was: string | null
  now: string | null
}

export interface HistoryItem {
  version: number
  type: string
  recorded_at: string
  day: string | null
  actor: { account: string; kind: Kind | 'system' }
  reason: string | null
  related: string | null
  trace_id: string | null
  changes: Change[]
}

export interface Page<T> {
  items: T[]
  next: string | null
}

export interface Note {
  field: string
  rule: string
  sentence: string
}

export interface Accepted {
  stream: string
  version: number
  notes?: Note[]
}

export interface Factor {
  code: string
  name: string
  unit: string
}

export interface Choice {
  code: string
  name: string
}

export interface Options {
  factors: Record<Medium, Factor[]>
  factor_source: string
  districts: Choice[]
  construction: Choice[]
  origin: Choice[]
  methods: Record<Medium, string[]>
  outlet_kinds: string[]
  datums: string[]
}

export interface EnterpriseIdentity {
  name: string
  uscc: string
  district: string
}

export interface EnterpriseChange {
  request_id: string
  enterprise_id: string
  enterprise_name: string
  enterprise_version: number
  was: EnterpriseIdentity
  wanted: EnterpriseIdentity
  valid_from: string
  reason: string
  requested_at: string
  status: 'pending' | 'confirmed' | 'refused' | 'withdrawn' | 'replaced' | 'lapsed'
  decision: string | null
  decided_at: string | null
}

export interface ImportProblem extends Note {
  sheet: string
  row: number
  column: string
  /** As Excel names it; empty where a whole row, sheet or file is meant. */
  cell: string
}

/** What became of the workbook's rows; empty until it has been checked. `problems` and `notes` count also what is not listed. */
export interface ImportSummary {
  read?: number
  left_out?: number
  changed?: number
  unchanged?: number
  ended?: number
  new?: number
  problems?: number
  notes?: number
  sheets_not_read?: string[]
}

export interface Import {
  id: string
  enterprise_id: string
  file_name: string
  state: 'checking' | 'refused' | 'ready' | 'importing' | 'done' | 'failed'
  rows: number
  checked: number
  written: number
  problems: ImportProblem[]
  notes: ImportProblem[]
  summary: ImportSummary
}
