import { command, everyPage, get, post } from '.'
import type { components } from './schema'
import type { FileRef, PlanDraft, SignatureBody } from './types'
import { withAccount } from './use'

/** The routes of the working day. Every command takes the key of its intent. */

type Bodies = components['schemas']
/** What a list is narrowed to. */
type Filter<P extends Parameters<typeof get>[0]> = NonNullable<Parameters<typeof get<P>>[1]>['query']

// Standards and people
export const places = (uscc: string) => get('/api/tasks/places', { query: { uscc } })
export const colleagues = async () => (await get('/api/colleagues')).items
export const statement = () => get('/api/signoff/statement')
/** `on` is the thing on which the accounts stand, as the path of its view: who may see it may read their names. */
export const labels = async (ids: string[], on?: string) => (await get('/api/account-labels', { query: { ids: ids.join(','), on } })).labels

// Contracts and plans
export const contracts = (query: Filter<'/api/views/contracts'>) => get('/api/views/contracts', { query })
export const contract = (contract_id: string) => get('/api/views/contracts/{contract_id}', { path: { contract_id } })
export const submitContract = (body: Bodies['tasks.SubmitContractBody'], key: string) => command('/api/tasks/contracts', { body }, key)
export const supplementContract = (contract_id: string, body: Bodies['tasks.SupplementContractBody'], key: string) =>
  command('/api/tasks/contracts/{contract_id}/supplement', { path: { contract_id }, body }, key)
export const confirmContract = (contract_id: string, body: Bodies['tasks.ConfirmationBody'], key: string, version: number) =>
  command('/api/tasks/contracts/{contract_id}/confirmation', { path: { contract_id }, body }, key, version)
export const declineContract = (contract_id: string, body: Bodies['tasks.RefusalBody'], key: string) =>
  command('/api/tasks/contracts/{contract_id}/refusal', { path: { contract_id }, body }, key)
export const endContract = (contract_id: string, body: Bodies['tasks.EndingBody'], key: string, version: number) =>
  command('/api/tasks/contracts/{contract_id}/ending', { path: { contract_id }, body }, key, version)
export const plans = (query: Filter<'/api/views/plans'>) => get('/api/views/plans', { query })
export const plan = (plan_id: string) => get('/api/views/plans/{plan_id}', { path: { plan_id } })
export const previewPlan = (body: PlanDraft) => post('/api/tasks/plans/preview', body)
export const publishPlan = (body: PlanDraft, key: string) => command('/api/tasks/plans', { body }, key)
export const changeCrew = (plan_id: string, body: Bodies['tasks.CrewBody'], key: string, version: number) =>
  command('/api/tasks/plans/{plan_id}/crew', { path: { plan_id }, body }, key, version)
export const stopPlan = (plan_id: string, body: Bodies['tasks.StoppingBody'], key: string, version: number) =>
  command('/api/tasks/plans/{plan_id}/stopping', { path: { plan_id }, body }, key, version)
/** What an operator has in its filing, drafts as well: `filed` is what is filed of each. */
export const filedResources = (operator_id: string, kind: 'person' | 'device') =>
  everyPage('/api/views/filings/{operator_id}/resources', { path: { operator_id }, query: { kind, limit: 500 } })
export const cycles = (query: Filter<'/api/views/cycles'>) => get('/api/views/cycles', { query })
export const everyCycle = (query: Filter<'/api/views/cycles'>) => everyPage('/api/views/cycles', { query: { ...query, limit: 500 } })

// Lists
export const choices = (query: Filter<'/api/views/choices'>) => get('/api/views/choices', { query })

// Visits
export const visits = (query: Filter<'/api/views/visits'>) => get('/api/views/visits', { query })
export const visit = (visit_id: string) => get('/api/views/visits/{visit_id}', { path: { visit_id } })
export const recordSheet = (visit_id: string, body: Bodies['tasks.SheetBody'], key: string) =>
  command('/api/tasks/visits/{visit_id}/sheets', { path: { visit_id }, body }, key)

// Papers that work stands on
export const reliedOn = (paper_id: string, query: Filter<'/api/views/papers/{paper_id}/relied-on'>) => get('/api/views/papers/{paper_id}/relied-on', { path: { paper_id }, query })
export const impossible = (operator_id: string, query: Filter<'/api/views/filings/{operator_id}/impossible'>) =>
  get('/api/views/filings/{operator_id}/impossible', { path: { operator_id }, query })

// Confirmations
export const confirmations = (query: Filter<'/api/views/confirmations'>) => get('/api/views/confirmations', { query })
export const confirmation = (confirmation_id: string) => get('/api/views/confirmations/{confirmation_id}', { path: { confirmation_id } })
export const openConfirmation = (confirmation_id: string, key: string) =>
  command('/api/signoff/confirmations/{confirmation_id}/opening', { path: { confirmation_id }, body: {} }, key)
export const signConfirmation = (confirmation_id: string, body: SignatureBody, key: string) =>
  command('/api/signoff/confirmations/{confirmation_id}/signature', { path: { confirmation_id }, body }, key)
export const dispute = (confirmation_id: string, body: Bodies['signoff.DisputeBody'], key: string) =>
  command('/api/signoff/confirmations/{confirmation_id}/dispute', { path: { confirmation_id }, body }, key)
export const answerDispute = (confirmation_id: string, body: Bodies['signoff.AnswerBody'], key: string) =>
  command('/api/signoff/confirmations/{confirmation_id}/answer', { path: { confirmation_id }, body }, key)
export const escalate = (confirmation_id: string, body: Bodies['signoff.EscalationBody'], key: string) =>
  command('/api/signoff/confirmations/{confirmation_id}/escalation', { path: { confirmation_id }, body }, key)

// Figures
export const board = (query: Filter<'/api/views/board'>) => get('/api/views/board', { query })
export const check = (confirmation_id: string, sha256: string) => get('/api/views/checks/{confirmation_id}', { path: { confirmation_id }, query: { sha256 } })

// Files
export const missingOfVisit = (visit_id: string) => get('/api/files/visits/{visit_id}/missing', { path: { visit_id } })
export const missingOfConfirmation = (confirmation_id: string) => get('/api/files/confirmations/{confirmation_id}/missing', { path: { confirmation_id } })
export const evidence = (contents: string[], files: string[]) => post('/api/files/evidence', { contents, files })
export const shown = (file: FileRef, size: 'thumb' | 'page') => withAccount(`/api/files/${file.sha256}/shown?size=${size}`)
export const original = (file: FileRef) => withAccount(`/api/files/${file.sha256}`)
