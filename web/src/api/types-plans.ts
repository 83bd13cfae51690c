/** Contracts, plans and their windows. */

import type { Medium, Note } from './types'
import type { FileRef } from './types-files'

/** What a public code says to whoever knows it. */
export interface Places {
  enterprise: { id: string; name: string }
}

/** What an operator says of its contract. Who it is itself the system knows, and the points the enterprise names. */
export interface ContractClaim {
  number: string
  name: string
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
  district: string | null
  number: string
  name: string
  state: ContractState
  first_day: string
  last_day: string
  ended_on: string | null
  points: string[]
  submitted_at: string
  /** How often the enterprise was reminded of answering, and when last. */
  reminders: number
  reminded_at: string | null
}

export type ContractState = 'submitted' | 'confirmed' | 'declined' | 'ended'

/** What the enterprise said of a contract. */
export interface ContractWord {
  what: 'confirmed' | 'declined' | 'ended'
  at: string
  by: string
  reason?: string | null
}

export interface NamedPoint {
  id: string
  name: string
  code: string
  medium: Medium | null
}

export interface Supplement {
  text: string
  files: FileRef[]
  at: string
  by: string
}

export interface Contract extends Omit<ContractRow, 'points'> {
  particulars: Partial<ContractClaim> & Pick<ContractClaim, 'number' | 'name' | 'first_day' | 'last_day'> & { operator_name: string }
  words: ContractWord[]
  /** When the enterprise was reminded, oldest first. */
  reminded: string[]
  /** The declined contract that had the number before, and the one that has it since; of those that may be seen. */
  replaces: string | null
  replaced_by: string | null
  /** Whether the number was taken again, also by one that may not be seen: it cannot be confirmed any more. */
  replaced: boolean
  /** The points that the operator named, in a contract of before. */
  proposed: string[]
  points: NamedPoint[]
  files: FileRef[]
  supplements: Supplement[]
  plans: PlanRow[]
}

export interface Assignee {
  account: string
  certificate_to?: string | null
}

export interface Device {
  name: string
  serial_number: string
  calibrated_to?: string | null
}

export interface PlanItem {
  content: string
  rule: string
  gap_days_max?: number | null
  basis?: string | null
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
  problems: Note[]
  /** What hinders nothing: rules that are not verified, days that are not known. */
  notes: Note[]
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
  stopped_on: string | null
  contents: string[]
  points: string[]
}

export interface Crew {
  assignees: Assignee[]
  devices: Device[]
  at: string
  reason?: string | null
}

export interface Plan extends Omit<PlanRow, 'points'> {
  contract_number: string | null
  points: NamedPoint[]
  assignees: Assignee[]
  devices: Device[]
  crews: Crew[]
  stop_reason: string | null
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
  last_done: string | null
  gap_days_max: number | null
  slack_days: number | null
}

export interface Colleague {
  id: string
  name: string
  label: string
}
