/** What a new row of a sheet starts with, for whoever opens it: on the phone and where a sheet is corrected. */
import type { RegisterFields } from '../api/types'
import type { Form } from './types'

/** What is known beside the instruments; `arrived_at` as a field holds a local time. */
export interface Circumstances { point: { name: string; medium: string | null }; operator: string | null; day: string; arrived_at: string | null }

/** What a source that is no instrument gives to a field; empty where it is not known. */
export function otherSource(source: string, { point, operator, day, arrived_at }: Circumstances): string {
  const found: Record<string, string | null> = { 'point.name': point.name, 'point.medium': point.medium, 'contract.operator': operator, 'visit.day': day, 'visit.arrived_at': arrived_at }
  return found[source] ?? ''
}

/** The day or the time of the visit. A phone that last fetched the forms long ago knows of no table. */
export function newRow(of: RegisterFields | null | undefined, form: Form, table: string, known: Circumstances): Record<string, string> {
  const columns: Record<string, string> = of?.forms[form.form]?.new_rows?.[table] ?? {}
  return Object.fromEntries(Object.entries(columns).map(([column, source]) => [column, otherSource(source, known)]).filter(([, text]) => text))
}
