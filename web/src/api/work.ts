import { commandAt, everyPage, get, post } from '.'
import type { Accepted, Page } from './types'
import type {
  Board, Checked, Evidence, MissingFiles, Colleague, Confirmation, ConfirmationRow, Contract, ContractClaim, ContractRow, Cycle, FileRef, Places, Plan, PlanDraft, PlanPreview, PlanRow,
  SignatureFiles, Statement, Visit, VisitRow, Assignee, Device,
} from './types-work'

/** The routes of the working day, typed. Every command takes the key of its intent. */

type Filter = Record<string, string | number | null | undefined>

// Standards and people
export const places = (uscc: string) => get<Places>('/tasks/places', { uscc })
export const colleagues = async () => (await get<{ items: Colleague[] }>('/colleagues')).items
export const statement = () => get<Statement>('/signoff/statement')
/** `on` is the thing on which the accounts stand, as the path of its view: who may see it may read their names. */
export const labels = async (ids: string[], on?: string) => (await get<{ labels: Record<string, string> }>('/account-labels', { ids: ids.join(','), on })).labels

// Contracts and plans
export const contracts = (filter: Filter) => get<Page<ContractRow>>('/views/contracts', filter)
export const contract = (id: string) => get<Contract>(`/views/contracts/${id}`)
export const submitContract = (body: { enterprise_id: string; particulars: ContractClaim; files: FileRef[] }, key: string) =>
  commandAt('/tasks/contracts', body, key)
export const supplementContract = (id: string, body: { text: string; files: FileRef[] }, key: string) => commandAt(`/tasks/contracts/${id}/supplement`, body, key)
export const confirmContract = (id: string, body: { points: string[] }, key: string, version: number) => commandAt(`/tasks/contracts/${id}/confirmation`, body, key, version)
export const declineContract = (id: string, body: { reason: string }, key: string) => commandAt(`/tasks/contracts/${id}/refusal`, body, key)
export const endContract = (id: string, body: { last_day: string; reason: string }, key: string, version: number) => commandAt(`/tasks/contracts/${id}/ending`, body, key, version)
export const plans = (filter: Filter) => get<Page<PlanRow>>('/views/plans', filter)
export const plan = (id: string) => get<Plan>(`/views/plans/${id}`)
export const previewPlan = (body: PlanDraft) => post<PlanPreview>('/tasks/plans/preview', body)
export const publishPlan = (body: PlanDraft, key: string) => commandAt('/tasks/plans', body, key)
export const changeCrew = (id: string, body: { assignees: Assignee[]; devices: Device[]; reason: string }, key: string, version: number) =>
  commandAt(`/tasks/plans/${id}/crew`, body, key, version)
export const stopPlan = (id: string, body: { last_day: string; reason: string }, key: string, version: number) =>
  commandAt(`/tasks/plans/${id}/stopping`, body, key, version)
export const cycles = (filter: Filter) => get<Page<Cycle>>('/views/cycles', filter)
export const everyCycle = (filter: Filter) => everyPage<Cycle>('/views/cycles', { ...filter, limit: 500 })

// Visits
export const visits = (filter: Filter) => get<Page<VisitRow>>('/views/visits', filter)
export const visit = (id: string) => get<Visit>(`/views/visits/${id}`)
export const recordSheet = (visitId: string, body: unknown, key: string) => commandAt(`/tasks/visits/${visitId}/sheets`, body, key)

// Confirmations
export const confirmations = (filter: Filter) => get<Page<ConfirmationRow>>('/views/confirmations', filter)
export const confirmation = (id: string) => get<Confirmation>(`/views/confirmations/${id}`)
const about = (id: string, what: string, body: unknown, key: string): Promise<Accepted> => commandAt(`/signoff/confirmations/${id}/${what}`, body, key)
export const openConfirmation = (id: string, key: string) => about(id, 'opening', {}, key)
export interface SignatureBody {
  content_sha256: string
  statement_version: string
  signature: SignatureFiles
  second_factor: string
  /** The word of files over this content and the two files of the signature. */
  evidence: string
}
export const signConfirmation = (id: string, body: SignatureBody, key: string) => about(id, 'signature', body, key)
export const dispute = (id: string, body: { reason: string; photos: FileRef[]; evidence?: string }, key: string) => about(id, 'dispute', body, key)
export const answerDispute = (id: string, body: { text: string; photos: FileRef[]; evidence?: string }, key: string) => about(id, 'answer', body, key)
export const escalate = (id: string, body: { reason: string }, key: string) => about(id, 'escalation', body, key)
export const secondFactor = (password: string, over: string[]) => post<{ token: string; expires_at: string }>('/second-factor', { password, over })

// Figures
export const board = (filter: Filter) => get<Board>('/views/board', filter)
export const check = (id: string, sha256: string) => get<Checked>(`/views/checks/${id}`, { sha256 })

// Files
export const missingFiles = (of: 'visits' | 'confirmations', id: string) => get<MissingFiles>(`/files/${of}/${id}/missing`)
export const evidence = (contents: string[], files: string[]) => post<Evidence>('/files/evidence', { contents, files })
export const shown = (file: FileRef, size: 'thumb' | 'page') => `/api/files/${file.sha256}/shown?size=${size}`
export const original = (file: FileRef) => `/api/files/${file.sha256}`
