/** Short names for the generated types of information for the credit evaluation. */
import type { components } from '../../api/schema'

type Schemas = components['schemas']

export type DailyInformation = Schemas['views.DailyInformation']
export type FiledDocument = Schemas['views.FiledDocument']
export type DocumentKind = FiledDocument['kind']
export type PointCoverage = Schemas['views.PointCoverage']
export type AnnualInformation = Schemas['views.AnnualInformation']
export type RecordedEntry = Schemas['views.RecordedEntry']
export type AnnualEntry = RecordedEntry['entry']
export type EntryKind = AnnualEntry['kind']
export type TrainingPlan = Schemas['views.TrainingPlan']
