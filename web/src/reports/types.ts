/** Short names for the generated types of reports, with the document and the verdict in the form in which the rules know them. */
import type { components } from '../api/schema'
import type { Verdict } from '../checking/verdict'
import type { Json } from '../checking/walking'

type Schemas = components['schemas']
type Given = Schemas['views.GivenVerdict']
type As<T, Known> = Omit<T, keyof Known> & Known

export type ReportRow = Schemas['views.ReportRow']
export type State = ReportRow['state']
export type Original = Schemas['views.OriginalRecord']
export type Content = As<Schemas['views.ReportDraft'], { document: Json }>
export type Judgement = As<Given, { verdict: Verdict }>
export type FurtherFinding = Judgement['findings'][number]
export type Review = Schemas['views.ReportReview']
export type ReturnReason = Schemas['views.ReturnReason']
export type Round = As<Schemas['views.ReportRound'], { document: Json; verdicts: Judgement[] }>
export type ReportStep = Schemas['views.ReportStep']
export type Report = As<Schemas['views.Report'], { draft: Content | null; rounds: Round[] }>
export type Trend = Schemas['views.Trend']
export type TrendReport = Schemas['views.TrendPlace']
export type TrendRule = Schemas['views.JudgedBefore']
export type Results = Schemas['views.Results']
export type RuleResults = Schemas['views.RuleResults']
export type ExemptionRow = Schemas['views.ExemptionRow']
export type Outcome = NonNullable<ReportRow['result']> | 'exempted'
