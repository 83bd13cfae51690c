import { command, commandAt, get } from '../api'
import type { components } from '../api/schema'
import type { Accepted, FileRef } from '../api/types'
import type { Json } from '../checking/walking'
import type { Report, ReturnReason } from './types'

/** The routes of reports and exemptions. Every command takes the key of its intent, and the version that it was based on where one was read. */

type Bodies = components['schemas']
/** What a list is narrowed to. */
type Filter<P extends Parameters<typeof get>[0]> = NonNullable<Parameters<typeof get<P>>[1]>['query']

export const reports = (query: Filter<'/api/views/reports'>) => get('/api/views/reports', { query })
/** The verdict was written by the rules that this page has, too: its form is theirs. */
export const report = async (report_id: string) => (await get('/api/views/reports/{report_id}', { path: { report_id } })) as unknown as Report
export const earlier = (report_id: string) => get('/api/views/reports/{report_id}/earlier', { path: { report_id } })
export const results = (query: Filter<'/api/views/report-results'>) => get('/api/views/report-results', { query })
export const exemptions = (query: Filter<'/api/views/exemptions'>) => get('/api/views/exemptions', { query })
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
