import { command, commandAt, get } from '../api'
import type { components } from '../api/schema'
import type { Accepted, FileRef, Page } from '../api/types'
import type { Json } from '../checking/walking'
import type { ExemptionRow, Report, ReportRow, Results, ReturnReason, Trend } from './types'

/** The routes of reports and exemptions. Every command takes the key of its intent, and the version that it was based on where one was read. */

type Bodies = components['schemas']
type Filter = Record<string, string | number>
interface Counted<T> extends Page<T> { count?: number }
/** TODO-TYPES: until the document of the API has these routes. */
const view = <T>(path: string, given: object): Promise<T> => get(path as '/api/views/visits', given as never) as unknown as Promise<T>

export const reports = (query: Filter) => view<Counted<ReportRow>>('/api/views/reports', { query })
export const report = (report_id: string) => view<Report>('/api/views/reports/{report_id}', { path: { report_id } })
export const earlier = (report_id: string) => view<{ items: Trend[] }>('/api/views/reports/{report_id}/earlier', { path: { report_id } })
export const results = (query: Filter) => view<Results>('/api/views/report-results', { query })
export const exemptions = (query: Filter) => view<Counted<ExemptionRow>>('/api/views/exemptions', { query })
export const options = () => get('/api/reports/options')
/** The points of the operator's contracts, with the instruments that stand there. */
export const ownPoints = async () => (await get('/api/views/tasks/today')).points

const at = (report_id: string) => ({ path: { report_id } })
export const draft = (body: { document: Json; replaces?: string }, key: string) => command('/api/reports/reports', { body: body as Bodies['reports.DraftBody'] }, key)
export const change = (report_id: string, document: Json, key: string, version: number) =>
  command('/api/reports/reports/{report_id}/document', { ...at(report_id), body: { document } as Bodies['reports.DocumentBody'] }, key, version)
export const attachFile = (report_id: string, body: { file: FileRef; evidence: string }, key: string) => command('/api/reports/reports/{report_id}/file', { ...at(report_id), body }, key)
export const attachOriginal = (report_id: string, body: { title: string; file: FileRef; evidence: string }, key: string) =>
  command('/api/reports/reports/{report_id}/originals', { ...at(report_id), body }, key)
export const removeOriginal = (report_id: string, original_id: string, reason: string, key: string) =>
  command('/api/reports/reports/{report_id}/originals/{original_id}/removal', { path: { report_id, original_id }, body: { reason } }, key)

/** With an answer to the reasons of a return, or the first time without. */
export function submit(report_id: string, answer: string | null, key: string, version: number): Promise<Accepted> {
  if (answer === null) return commandAt(`/reports/reports/${report_id}/submission`, undefined, key, version)
  return command('/api/reports/reports/{report_id}/resubmission', { ...at(report_id), body: { answer } }, key, version)
}
export const withdraw = (report_id: string, reason: string, key: string) => command('/api/reports/reports/{report_id}/withdrawal', { ...at(report_id), body: { reason } }, key)

export const accept = (report_id: string, round: number, remark: string | null, key: string, version: number) =>
  command('/api/reports/reports/{report_id}/acceptance', { ...at(report_id), body: { round, remark } }, key, version)
export const giveBack = (report_id: string, round: number, reasons: ReturnReason[], key: string, version: number) =>
  command('/api/reports/reports/{report_id}/return', { ...at(report_id), body: { round, reasons } }, key, version)
export const reevaluate = (report_id: string, reason: string, key: string) => command('/api/reports/reports/{report_id}/reevaluation', { ...at(report_id), body: { reason } }, key)

export const grant = (body: Bodies['reports.GrantBody'], key: string) => command('/api/reports/exemptions', { body }, key)
export const endExemption = (exemption_id: string, body: Bodies['reports.ExemptionEndingBody'], key: string, version: number) =>
  command('/api/reports/exemptions/{exemption_id}/ending', { path: { exemption_id }, body }, key, version)
