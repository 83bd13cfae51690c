/** The instruments of a sheet for people, and which of its values the register gave. */
import type { RegisterFields } from '../api/types'
import type { Values } from './types'

/** What the register says of an instrument, by which people recognise it. */
export interface NamedInstrument { id: string; factor: string | null; name: string; model: string; serial_number: string | null; voided?: boolean }

/** What the register gave a sheet about one instrument, and the version of it that the phone had. */
export interface Taken { instrument_id: string; version: number; fields: string[] }

interface Written { form: string; values: Values; instruments?: readonly string[]; taken?: readonly Taken[] | null; filled_seconds?: number | null }

const worded = (...texts: (string | null)[]): string => texts.filter((text) => text).join(' ')
const isBlank = (value: unknown): boolean => value === undefined || value === null || value === ''

/** 名称、型号及编号. */
export const labelOf = ({ name, model, serial_number }: Pick<NamedInstrument, 'name' | 'model' | 'serial_number'>): string => worded(name, model, serial_number && `编号${serial_number}`)

/** What an instrument gives to a field that is about what it is; nothing to another one. */
function giving(instrument: NamedInstrument, source: string): string {
  switch (source) {
    case 'instrument.label': return labelOf(instrument)
    case 'instrument.name': return instrument.name
    case 'instrument.name_and_model': return worded(instrument.name, instrument.model)
    case 'instrument.model': return instrument.model
    case 'instrument.serial_number': return instrument.serial_number ?? ''
    default: return ''
  }
}

/**
 * Fields that are about what an instrument is, and empty, with what the register says of the sheet's instruments.
 * The same as `named_by_register` in libs/standards.
 */
export function namedByRegister(of: RegisterFields | null | undefined, { form, values, instruments = [] }: Written, known: readonly NamedInstrument[]): Record<string, string> {
  const found: Record<string, string> = {}
  const own = known.filter(({ id }) => instruments.includes(id))
  for (const [field, { source, factors }] of Object.entries(of?.forms[form]?.fields ?? {})) {
    const meant = own.filter(({ factor }) => !factors.length || factors.includes(factor ?? ''))
    const texts = [...new Set(meant.map((instrument) => giving(instrument, source)).filter((text) => text))]
    if (texts.length && isBlank(values[field])) found[field] = texts.join('；')
  }
  return found
}

/** The paths of the values that are as the register gave them. */
export const takenPaths = ({ taken }: Pick<Written, 'taken'>): Set<string> => new Set((taken ?? []).flatMap(({ fields }) => fields))

/** Each instrument of the sheet with the version of it that the phone had. The same as `about_instruments` in services/views/src/views/printing/instruments.py. */
export function aboutInstruments({ instruments = [], taken }: Written, known: readonly NamedInstrument[]): string {
  return instruments.map((id) => {
    const instrument = known.find((other) => other.id === id)
    const version = taken?.find(({ instrument_id }) => instrument_id === id)?.version
    return `${instrument ? labelOf(instrument) : '登记信息暂未取得'}${version ? `（登记第 ${version} 版）` : ''}`
  }).join('；')
}

/** What of it still stands after a correction. Rows that moved are not followed: nobody knows which is which. */
export function stillTaken(taken: readonly Taken[] | null | undefined, before: Values, after: Values): Taken[] {
  const moved = (path: string): boolean => path.includes('.') && rowsIn(before, path) !== rowsIn(after, path)
  const stands = (path: string): boolean => !moved(path) && !isBlank(valueAt(after, path)) && valueAt(before, path) === valueAt(after, path)
  return (taken ?? []).map((given) => ({ ...given, fields: given.fields.filter(stands) }))
}

const rowsIn = (values: Values, path: string): number => (values[path.split('.')[0]!] as unknown[] | undefined)?.length ?? 0
const valueAt = (values: Values, path: string): unknown => path.split('.').reduce<unknown>((value, step) => (value as Values | undefined)?.[step], values)

/** The same as `duration` in services/views/src/views/printing/instruments.py. */
export function durationOf(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  return minutes ? `${minutes} 分 ${seconds % 60} 秒` : `${seconds} 秒`
}
