import { command, get } from '../../api'
import type { components } from '../../api/schema'

/** The routes of information for the credit evaluation. Every command takes the key of its intent. */

type Bodies = components['schemas']

export const daily = (operator_id: string) => get('/api/views/filings/{operator_id}/daily', { path: { operator_id } })
export const annual = (operator_id: string, year: number) => get('/api/views/filings/{operator_id}/annual/{year}', { path: { operator_id, year } })

export const fileDocument = (body: Bodies['filing.FileDocumentBody'], key: string) => command('/api/filing/credit/documents', { body }, key)
export const replaceDocument = (document_id: string, body: Bodies['filing.ReplaceDocumentBody'], key: string, version: number) =>
  command('/api/filing/credit/documents/{document_id}/replacement', { path: { document_id }, body }, key, version)
export const withdrawDocument = (document_id: string, body: Bodies['ReasonBody'], key: string, version: number) =>
  command('/api/filing/credit/documents/{document_id}/withdrawal', { path: { document_id }, body }, key, version)

// A year is one stream: a new entry stands beside whatever else was written, and names no version.
export const filePlan = (year: number, body: Bodies['filing.PlanBody'], key: string, version?: number) => command('/api/filing/credit/years/{year}/plan', { path: { year }, body }, key, version)
export const recordEntry = (year: number, body: Bodies['filing.EntryBody'], key: string, version?: number) => command('/api/filing/credit/years/{year}/entries', { path: { year }, body }, key, version)
export const withdrawEntry = (year: number, entry_id: string, body: Bodies['ReasonBody'], key: string, version: number) =>
  command('/api/filing/credit/years/{year}/entries/{entry_id}/withdrawal', { path: { year, entry_id }, body }, key, version)
