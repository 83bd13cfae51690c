/** For tests: the files of libs/standards as the server gives them. */
import { readFileSync } from 'node:fs'
import type { RegisterFields } from '../api/types'
import type { Form } from './types'

const read = <T>(path: string): T => JSON.parse(readFileSync(`${import.meta.dirname}/../../../libs/standards/src/qingyuan_standards/${path}`, 'utf8')) as T
export const formNamed = (name: string): Form => read<Form>(`forms/${name}.v1.json`)

type Written = string | { from: string; as?: Record<string, string>; factors?: string[] }
interface WrittenForm { kinds: string[]; factors?: string[]; other_factors_than?: string[]; fields: Record<string, Written>; rows?: RegisterFields['forms'][string]['rows']; new_rows?: Record<string, Record<string, string>> }

/** The data file as the server gives it: every part there. */
export function served(): RegisterFields {
  const file = read<{ factors: RegisterFields['factors']; forms: Record<string, WrittenForm> }>('register_fields.json')
  const field = (written: Written) => (typeof written === 'string' ? { source: written, words: {}, factors: [] } : { source: written.from, words: written.as ?? {}, factors: written.factors ?? [] })
  const whole = ({ kinds, factors = [], other_factors_than = [], fields, rows = {}, new_rows = {} }: WrittenForm) => ({ kinds, factors, other_factors_than, rows, new_rows, fields: Object.fromEntries(Object.entries(fields).map(([name, written]) => [name, field(written)])) })
  return { factors: file.factors, forms: Object.fromEntries(Object.entries(file.forms).map(([name, written]) => [name, whole(written)])) }
}
