/** Short names for the generated types of the API (`schema.d.ts`); by hand is only what no single answer says. */
import type { components } from './schema'

type Schemas = components['schemas']

export type Note = Schemas['Note']
export type Accepted = Schemas['Accepted']
export interface Page<T> { items: T[]; next: string | null }

// Accounts
export type Account = Schemas['accounts.Account']
export type Kind = Account['kind']
export type Session = Schemas['accounts.Session']
export type OpenSession = Schemas['accounts.OpenSession']
export type SessionLeft = Schemas['accounts.SessionLeft']
export type SecurityLine = Schemas['accounts.SecurityLine']
export type DemandingOrganisation = Schemas['accounts.DemandingOrganisation']
export type SecurityLock = Schemas['accounts.Lock']
export type WatchedAccount = Schemas['accounts.WatchedAccount']
export type WeChatBinding = Schemas['accounts.Binding']
export type Colleague = Schemas['accounts.Colleague']

export type Role = Account['role']
export type OrganisationAccount = Schemas['accounts.OrganisationAccount']
export type OneTimePassword = Schemas['accounts.OneTimePassword']
export type Invitation = Schemas['accounts.Invitation']
export type NewInvitation = Schemas['accounts.NewInvitation']
export type InvitedTo = Schemas['accounts.InvitedTo']
export type PlatformAccount = Schemas['accounts.PlatformAccount']
export type PlatformOrganisation = Schemas['accounts.PlatformOrganisation']
// Messages
export type Message = Schemas['messages.InboxItem']
export type MessagePreferences = Schemas['messages.PreferencesShown']
export type MessageText = Schemas['messages.TextShown']
export type MessageFailure = Schemas['messages.Failure']

// The register. Forms read particulars by the names of their fields, whatever the entry is.
export type Particulars = Record<string, unknown>
export type EnterpriseRow = Schemas['views.EnterpriseRow']
export type Enterprise = Schemas['views.Enterprise']
export type Outlet = Schemas['views.Outlet']
export type Point = Schemas['views.Point']
export type Instrument = Omit<Schemas['views.InstrumentRow'], 'particulars'> & { particulars: Particulars }
export type InstrumentKind = Instrument['kind']
export type Status = EnterpriseRow['status']
export type Entry = Pick<Enterprise, 'id' | 'version' | 'status' | 'valid_from' | 'valid_to'> & { particulars: Particulars }
export type ChainLink = Schemas['views.ChainLink']
export type Naming = Schemas['views.Naming']
export type HistoryItem = Schemas['views.HistoryItem']
export type EnterpriseChange = Schemas['views.EnterpriseChange']
export type EnterpriseIdentity = Schemas['views.EnterpriseIdentity']
export type Contact = Schemas['registry.StoredContact']
export type Options = Schemas['registry.Options']
export type Choice = Schemas['registry.Choice']
export type Factor = Schemas['registry.FactorChoice']
export type Import = Schemas['registry.Import']
export type ImportProblem = Schemas['registry.ImportFinding']
export type ImportSummary = Schemas['registry.ImportSummary']

// Standards
export type Content = Schemas['tasks.Content']
export type Interval = Schemas['tasks.Interval']
export type Standards = Schemas['tasks.Standards']
export type RegisterFields = Standards['register_fields']
export type WorkRules = Standards['work_rules']
export type HolidayCalendar = Schemas['tasks.HolidayCalendar']
export type Statement = Schemas['signoff.Statement']

// Files
export type FileRef = Schemas['files.FileRef']
export type MissingFiles = Schemas['files.MissingFiles']
export type Evidence = Schemas['files.EvidenceGiven']
export type Fix = Schemas['views.Fix']
export type Photo = Omit<Schemas['views.VisitPhoto'], 'by' | 'received_at'>
export type UploadState = Schemas['files.UploadState']
export type SignatureFiles = Schemas['views.Signature']

// Contracts and plans
export type Places = Schemas['tasks.Places']
export type NamedPoint = Schemas['views.NamedPoint']
export type Medium = NonNullable<NamedPoint['medium']>
export type ContractClaim = Schemas['tasks.ContractClaim']
export type ContractRow = Schemas['views.ContractRow']
export type Contract = Schemas['views.Contract']
export type ContractState = Contract['state']
export type ContractWord = Schemas['views.Word']
export type Assignee = Schemas['tasks.Assignee']
export type Device = Schemas['tasks.Device']
export type AssigneeV2 = Schemas['AssigneeV2']
export type DeviceV2 = Schemas['DeviceV2']
export type PaperGap = Schemas['views.PaperGap']
export type PlanItem = Schemas['tasks.ItemBody']
export type PlanDraft = Schemas['tasks.PlanBody']
export type PlanPreview = Schemas['tasks.PlanPreview']
export type PlanRow = Schemas['views.PlanRow']
export type Plan = Schemas['views.Plan']
export type Window = Schemas['Window']
export type Cycle = Schemas['views.Cycle']
export type CycleState = Cycle['state']
export type Task = Schemas['views.Task']
export type TaskPart = Schemas['views.TaskPart']
export type TaskDevice = Schemas['views.TaskDevice']
export type UsedDevice = Schemas['views.UsedDevice']
export type OwnCertificate = Schemas['views.OwnCertificate']

// Spare parts
export type PartUse = Schemas['views.PartUse']
export type Stock = Schemas['views.Stock']

// What lists are filtered by
export type ChoiceOf = 'enterprise' | 'point' | 'operator' | 'technician'
export type FilterChoice = Schemas['views.Choice']

// Visits
export type Place = Schemas['views.Location']
export type Used = Schemas['views.Used']
export type Backfill = Schemas['views.BackfillV2']
export type CycleRef = Schemas['CycleRef']
export type SignIn = Schemas['views.SignIn']
export type SignOut = Schemas['views.SignOutV2']
export type SheetRevision = Schemas['views.SheetRevisionV3']
export type Values = SheetRevision['values']
export type Sheet = Schemas['views.Sheet']
export type VisitRow = Schemas['views.VisitRow']
export type Visit = Schemas['views.Visit']
export type Mark = VisitRow['marks'][number]
export type FilingMark = VisitRow['filing_marks'][number]
export type OperatorFiling = Schemas['views.OperatorFiling']
export type HeldPaper = Schemas['views.HeldPaper']
export type VisitDevice = Schemas['views.VisitDevice']
export type VisitCertificate = Schemas['views.VisitCertificate']
export type RelyingVisit = Schemas['views.RelyingVisit']
export type ImpossibleWindow = Schemas['views.ImpossibleWindow']
/** What is signed: the parsed canonical text. Absent values are left out of it. */
export type VisitContent = Partial<Pick<Visit, 'sign_in' | 'sign_out' | 'backfill' | 'obstruction'>> & {
  visit_id: string
  cycles: CycleRef[]
  sheets: SheetRevision[]
  photos: Photo[]
}

// Confirmations and figures
export type ConfirmationRow = Schemas['views.ConfirmationRow']
export type ConfirmationState = ConfirmationRow['state']
export type Confirmation = Schemas['views.Confirmation']
export type Step = Schemas['views.Step']
export type SignatureBody = Schemas['signoff.SignatureBody']
export type Checked = Schemas['views.RecordCheck']
export type Board = Schemas['views.Board']
export type BoardRow = Schemas['views.BoardRow']
export type BoardFigures = Schemas['views.BoardFigures']
