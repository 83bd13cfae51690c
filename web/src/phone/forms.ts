/** The forms that were taken along, and which of them a piece of work is written on. */
import type { Medium, RegisterFields, WorkRules } from '../api/types'
import type { Form, Layout } from '../sheets'

export type Table = Extract<Layout, { table: string }>

export interface Content { code: string; name: string; media: Medium[]; forms: string[] }

export interface Forms {
  forms: Form[]
  /** Elder versions that sheets on this phone are written on. */
  former?: Form[]
  contents: Content[]
  settings?: Record<string, unknown>
  /** What the register knows of the forms' fields; a phone that last fetched them long ago has none. */
  register_fields?: RegisterFields
  /** What makes a sheet count as its work; a phone that last fetched them long ago has none. */
  work_rules?: WorkRules
}

export const isTable = (part: Layout): part is Table => 'table' in part

/** Forms that this work is written on, at a point of this medium. */
export function formsOf(all: Forms, content: string, medium: Medium | null): Form[] {
  const names = all.contents.find((one) => one.code === content)?.forms ?? []
  const fits = (form: Form): boolean => names.includes(form.form) && (form.medium === medium || form.medium === 'any')
  return all.forms.filter(fits).sort((a, b) => names.indexOf(a.form) - names.indexOf(b.form))
}

export const contentName = (all: Forms | null, code: string): string => all?.contents.find((one) => one.code === code)?.name ?? code

/** What stands in a field as a person reads it. */
export function shown(value: unknown): string {
  if (value === undefined || value === null || value === '') return '—'
  return String(value).replace(/^(\d{4}-\d{2}-\d{2})T/, '$1 ')
}

interface Written { form: string; form_version: number }

const isOf = (form: Form, sheet: Written): boolean => form.form === sheet.form && form.version === sheet.form_version

/** What has just been fetched, with those versions kept that a sheet on this phone still needs. */
export function withFormer(fetched: Forms, before: Forms | null, written: Written[]): Forms {
  const gone = [...(before?.forms ?? []), ...(before?.former ?? [])].filter((form) => !fetched.forms.some((one) => isOf(one, { form: form.form, form_version: form.version })))
  return { ...fetched, former: gone.filter((form) => written.some((sheet) => isOf(form, sheet))) }
}

export const formOf = (all: Forms | null, sheet: Written): Form | null => [...(all?.forms ?? []), ...(all?.former ?? [])].find((one) => isOf(one, sheet)) ?? null
export const titleOf = (all: Forms | null, sheet: Written): string => formOf(all, sheet)?.title ?? sheet.form
