import { coordinates } from '../coordinates'
import type { Options, Particulars } from '../api/types'
import type { Field, Group } from './fields'
import { choicesOf } from './fields'

export interface LocationValue {
  longitude: string
  latitude: string
  datum: string
}

export function fieldsOf(groups: Group[]): Field[] {
  return groups.flatMap((group) => group.fields)
}

/** What a form starts from: every field of it present, so that Vue sees each change. */
export function startOf(groups: Group[], from: Particulars = {}): Particulars {
  const start: Particulars = {}
  for (const field of fieldsOf(groups)) {
    const value = from[field.key]
    if (field.kind === 'location') start[field.key] = { longitude: '', latitude: '', datum: 'WGS-84', ...(value as object | undefined) }
    else if (field.kind === 'factors') start[field.key] = [...((value as string[] | undefined) ?? [])]
    else start[field.key] = value ?? (field.kind === 'yes-no' ? null : '')
  }
  return start
}

/** The particulars as the API wants them: blanks are left out, so nothing is sent as an empty string. */
export function particularsOf(groups: Group[], values: Particulars, kept: Particulars): Particulars {
  const result: Particulars = { ...kept }
  for (const field of fieldsOf(groups)) {
    const value = cleaned(field, values[field.key])
    if (value === null) delete result[field.key]
    else result[field.key] = value
  }
  return result
}

function cleaned(field: Field, value: unknown): unknown {
  if (typeof value === 'string') return value.trim() === '' ? null : value.trim()
  if (field.kind === 'location') {
    const place = value as LocationValue
    return place.longitude || place.latitude ? { ...place } : null
  }
  return value ?? null
}

/** What is missing, before anything is sent. The server checks everything again. */
export function missing(groups: Group[], values: Particulars): Record<string, string> {
  const found: Record<string, string> = {}
  for (const field of fieldsOf(groups)) {
    const value = cleaned(field, values[field.key])
    const empty = value === null || (Array.isArray(value) && value.length === 0)
    if (field.required && empty) found[field.key] = '必填项，不能为空。'
    else if (field.kind === 'number' && value !== null && !/^-?\d+(\.\d+)?$/.test(String(value))) found[field.key] = '应填写数字。'
  }
  return found
}

/** A stored value as a person reads it. */
export function shown(field: Field, value: unknown, options: Options | null): string {
  if (value === null || value === undefined || value === '') return '—'
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (Array.isArray(value)) return value.map((code) => factorName(String(code), options)).join('、')
  if (field.kind === 'location') return coordinates(value as LocationValue)
  if (field.kind === 'factor') return factorName(String(value), options)
  if (field.kind === 'choice' && options) return choicesOf(field.key, options).find((one) => one.code === value)?.name ?? String(value)
  return String(value)
}

function factorName(code: string, options: Options | null): string {
  const all = options ? [...options.factors.wastewater, ...options.factors.flue_gas] : []
  return all.find((one) => one.code === code)?.name ?? code
}
