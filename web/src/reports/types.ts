/** What is read of reports, as docs/contracts-reports.md says it. */
import type { Finding, Figure, Result, Verdict } from '../checking/verdict'
import type { Comparison, Severity } from '../checking/data'
import type { FileRef, NamedPoint } from '../api/types'
import type { Json } from '../checking/walking'

export type State = 'draft' | 'submitted' | 'checked' | 'returned' | 'accepted' | 'superseded' | 'withdrawn'
export type Conclusion = 'pass' | 'fail' | 'not_judged'
export interface Performed { from?: string | null; to?: string | null }

export interface ReportRow {
  id: string
  version: number
  state: State
  round: number
  number: string | null
  doc_type: string | null
  basis: string | null
  conclusion: string | null
  performed: Performed | null
  first_day: string | null
  last_day: string | null
  operator_id: string
  operator_name: string
  enterprise_id: string
  enterprise_name: string
  district: string
  points: NamedPoint[]
  factors: string[]
  result: Result | null
  blocking: boolean | null
  failing: string[]
  warnings: number
  notes: number
  submitted_at: string | null
  submitted_by: string | null
  decided_at: string | null
  decided_by: string | null
  changed_at: string
  changed_since: boolean
}

export interface Original { original_id: string; title: string; file: FileRef }
export interface Content { document: Json; file: FileRef | null; originals: Original[] }
/** What is found with knowledge beyond the document. */
export interface FurtherFinding { code: string; severity: Finding['severity']; at: string; earlier: { report_id: string; at: string }[]; sentence: string }
export interface AppliedExemption { exemption_id: string; rule: string; point_id: string | null; factor: string | null; first_day: string; last_day: string; reason: string }
export interface Judgement {
  version: number
  what: 'checked' | 'reevaluated'
  at: string
  by: string | null
  reason: string | null
  catalogue_version: string
  catalogue_sha256: string
  result: Result
  blocking: boolean
  verdict: Verdict
  findings: FurtherFinding[]
  exemptions: AppliedExemption[]
}
export interface ReturnReason { code: string | null; at: string; text: string }
export interface Review { what: 'accepted' | 'returned'; at: string; by: string; remark: string | null; reasons: ReturnReason[] }
export interface Round extends Content {
  round: number
  version: number
  number: string
  document_sha256: string
  by: string
  submitted_at: string
  answer: string | null
  verdicts: Judgement[]
  review: Review | null
}
export interface ReportStep { what: string; at: string; by: string | null; round: number | null; text: string | null }
export interface ReportInstrument { id: string; kind: string; factor: string | null; serial_number: string | null; name: string; model: string; voided: boolean }
export interface Numbered { id: string; number: string | null }

export interface Report extends ReportRow {
  draft: Content | null
  rounds: Round[]
  steps: ReportStep[]
  instruments: ReportInstrument[]
  exemptions: ExemptionRow[]
  replaces: Numbered | null
  superseded_by: Numbered | null
}

export interface TrendRule {
  rule: string
  title: string
  clause: string
  quantity: string
  value: string | null
  shown: string | null
  unit: string
  comparison: Comparison
  limit: string
  result: Result
  severity: Severity
  near_limit: boolean
}
export interface TrendReport {
  id: string
  number: string | null
  operator_id: string
  operator_name: string
  doc_type: string
  basis: string
  state: State
  first_day: string
  at: string
  unit: string
  result: Result
  blocking: boolean
  concluded: Conclusion | null
  figures: Record<string, Figure>
  rules: TrendRule[]
}
export interface Trend {
  at: string
  point_id: string
  point_name: string
  factor: string
  name: string
  unit: string
  by: 'instrument' | 'point'
  instrument: ReportInstrument | null
  reports: TrendReport[]
}

export type Outcome = Result | 'exempted'
export interface RuleResults {
  rule: string
  title: string
  standard: string
  edition: string
  clause: string
  confidence: string
  reports: number
  outcomes: Record<Outcome, number>
  blocking: number
  near_limit: number
}
export interface Results { items: RuleResults[]; reports: number; results: Record<Result, number> }

export interface ExemptionRow {
  id: string
  version: number
  rule: string
  title: string
  standard: string
  enterprise_id: string
  enterprise_name: string
  district: string
  point: NamedPoint | null
  factor: string | null
  report: Numbered | null
  first_day: string
  last_day: string
  state: 'upcoming' | 'holds' | 'over'
  reason_code: string
  reason: string
  text: string
  document_number: string | null
  granted_at: string
  granted_by: string
  ended_at: string | null
  ended_by: string | null
  end_reason: string | null
  applied: number
}
