/** Short names for the generated types of reviews and papers. */
import type { components } from '../../api/schema'

type Schemas = components['schemas']

export type Review = Schemas['views.Review']
export type ResourceUnderReview = Schemas['views.ResourceUnderReview']
export type PassingBody = Schemas['filing.PassingBody']
export type PassedFiling = Schemas['filing.PassedFiling']
export type Stage = PassingBody['stage']
export type EarlierRemark = Schemas['views.EarlierRemark']
export type ReviewBody = Schemas['filing.ReviewBody']
export type Reason = Schemas['filing.CodeAndName']
export type ExpiringPaper = Schemas['views.ExpiringPaper']
export type Revocation = Schemas['views.Revocation']
export type RevokePaperBody = Schemas['filing.RevokePaperBody']
export type PublicOperator = Schemas['views.PublicOperator']
