import { command, get } from '../../api'
import { Problem } from '../../api/problem'
import type { components } from '../../api/schema'
import { filings, names } from '../api'
import type { NameOfPerson } from '../types'

/** The routes of information for the credit evaluation. Every command takes the key of its intent. */

type Bodies = components['schemas']

export const daily = (operator_id: string) => get('/api/views/filings/{operator_id}/daily', { path: { operator_id } })
export const annual = (operator_id: string, year: number) => get('/api/views/filings/{operator_id}/annual/{year}', { path: { operator_id, year } })

const noneWhere = (error: unknown): [] => {
  if (error instanceof Problem && error.status === 404) return []
  throw error
}

/** Who can have taken part: the people of the filing, and nobody where none was begun. `isOwn`: the list says so without a refusal. */
export async function participants(operator_id: string, isOwn: boolean): Promise<NameOfPerson[]> {
  if (isOwn && !(await filings({ limit: 1 } as never)).items.length) return []
  return names(operator_id).catch(noneWhere)
}

export const fileDocument = (body: Bodies['filing.FileDocumentBody'], key: string) => command('/api/filing/credit/documents', { body }, key)
export const replaceDocument = (document_id: string, body: Bodies['filing.ReplaceDocumentBody'], key: string, version: number) =>
  command('/api/filing/credit/documents/{document_id}/replacement', { path: { document_id }, body }, key, version)
export const withdrawDocument = (document_id: string, body: Bodies['filing.ReasonBody'], key: string, version: number) =>
  command('/api/filing/credit/documents/{document_id}/withdrawal', { path: { document_id }, body }, key, version)

// A year is one stream: a new entry stands beside whatever else was written, and names no version.
export const filePlan = (year: number, body: Bodies['filing.PlanBody'], key: string, version?: number) => command('/api/filing/credit/years/{year}/plan', { path: { year }, body }, key, version)
export const recordEntry = (year: number, body: Bodies['filing.EntryBody'], key: string, version?: number) => command('/api/filing/credit/years/{year}/entries', { path: { year }, body }, key, version)
export const withdrawEntry = (year: number, entry_id: string, body: Bodies['filing.ReasonBody'], key: string, version: number) =>
  command('/api/filing/credit/years/{year}/entries/{entry_id}/withdrawal', { path: { year, entry_id }, body }, key, version)
