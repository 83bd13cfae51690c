/** What stands in the editor, and the document that it is: docs/contracts-reports.md. Pure. */
import { columnsOf, emptyRow, pairOf, settled, timesOf, type PairRow } from '../../checking/page/pairs'
import { isObject, type Json } from '../../checking/walking'

/** A pair with what the grid does not show of it: further determinations, why it was excluded. */
export type Row = PairRow & { kept?: Json; more?: string[] }

export interface FactorForm {
  id: number
  factor: string
  unit: string
  /** Null: that of the report. */
  basis: string | null
  instrument: NamedInstrument | null
  method: string
  emissionLimit: string
  parallels: boolean
  times: boolean
  rows: Row[]
  conclusion: string
  reported: Record<string, string>
  /** What of the document this page does not show. */
  kept: Json
}
export interface PointForm { id: string; name: string; code: string; factors: FactorForm[]; kept: Json }
export interface ReportForm {
  docType: string
  basis: string
  number: string
  performed: [from: string, to: string] | null
  convention: string
  conclusion: string
  points: PointForm[]
  kept: Json
}
export interface NamedInstrument { instrument_id: string; version?: number; name: string | null; model: string; serial_number: string | null }

export const ROWS_LEAST = 9
export const emptyRows = (): Row[] => Array.from({ length: ROWS_LEAST }, emptyRow)
let count = 0
export const newId = (): number => ++count

export const emptyForm = (): ReportForm => ({ docType: '', basis: '', number: '', performed: null, convention: '', conclusion: '', points: [], kept: {} })

/** Without what is empty: a document has no fields that nobody filled in. */
const filled = (members: Json): Json => Object.fromEntries(Object.entries(members).filter(([, value]) => !(typeof value === 'string' && !value.trim()) && value !== null && value !== undefined))

/** `whole`: with a last pair that is still being typed. */
export function documentOf(form: ReportForm, whole: boolean): Json {
  return {
    ...form.kept,
    document: 'report.v1',
    ...filled({ doc_type: form.docType, basis: form.basis, number: form.number.trim(), convention: form.convention, conclusion: form.conclusion }),
    ...(form.performed ? { performed: { from: form.performed[0], to: form.performed[1] } } : {}),
    points: form.points.map((point) => ({ ...point.kept, id: point.id, about: { ...aboutOf(point.kept), name: point.name, code: point.code }, factors: point.factors.map((factor) => factorOf(factor, whole, form.performed?.[0].slice(0, DAY) ?? '')) })),
  }
}

const part = (name: string, members: Json): Json => (Object.keys(members).length ? { [name]: members } : {})
/** What names an instrument of the register. */
const NAMING = ['instrument_id', 'version', 'name', 'model', 'serial_number']

const DAY = 10

function factorOf(form: FactorForm, whole: boolean, day: string): Json {
  const { instrument, method, kept } = form
  const pairs = pairsOf(form, whole, day)
  const [keptInstrument, keptMethod] = [objectIn(kept, 'instrument'), objectIn(kept, 'reference_method')]
  return {
    ...without(kept, 'instrument', 'reference_method'),
    ...filled({ factor: form.factor, unit: form.unit, basis: form.basis, emission_limit: form.emissionLimit.trim(), conclusion: form.conclusion }),
    ...part('instrument', { ...without(keptInstrument, 'about'), ...part('about', instrument ? { ...aboutOf(keptInstrument), ...filled({ ...instrument }) } : without(aboutOf(keptInstrument), ...NAMING)) }),
    ...part('reference_method', { ...without(keptMethod, 'method'), ...filled({ method: method.trim() }) }),
    ...(pairs.length || !('tests' in kept) ? { pairs } : {}),
    ...(Object.keys(filled(form.reported)).length ? { reported: filled(form.reported) } : {}),
  }
}

function pairsOf({ rows, parallels, times }: FactorForm, whole: boolean, day: string): Json[] {
  const columns = columnsOf(parallels)
  const { count: complete, typing } = settled(rows, columns)
  return rows.slice(0, whole && typing ? complete + 1 : complete).map(({ kept, more, ...row }) => {
    const pair = pairOf(row, parallels)
    return { ...kept, ...(times ? timesOf(row, day) : {}), ...pair, ...(more?.length && Array.isArray(pair.parallels) ? { parallels: [...pair.parallels, ...more] } : {}) }
  })
}

const objectIn = (owner: Json, name: string): Json => (isObject(owner[name]) ? owner[name] : {})
const aboutOf = (owner: Json): Json => objectIn(owner, 'about')
const listIn = (owner: Json, name: string): Json[] => (Array.isArray(owner[name]) ? (owner[name] as unknown[]).filter(isObject) : [])
const text = (owner: Json, name: string): string => (typeof owner[name] === 'string' ? owner[name] : '')
const without = (owner: Json, ...names: string[]): Json => Object.fromEntries(Object.entries(owner).filter(([name]) => !names.includes(name)))

/** A document that was saved, as it stands in the editor. */
export function formOf(document: Json): ReportForm {
  const performed = objectIn(document, 'performed')
  const [from, to] = [text(performed, 'from'), text(performed, 'to')]
  return {
    docType: text(document, 'doc_type'),
    basis: text(document, 'basis'),
    number: text(document, 'number'),
    performed: from && to ? [from, to] : null,
    convention: text(document, 'convention'),
    conclusion: text(document, 'conclusion'),
    points: listIn(document, 'points').map((point) => ({ id: text(point, 'id'), name: text(aboutOf(point), 'name'), code: text(aboutOf(point), 'code'), factors: listIn(point, 'factors').map(factorFormOf), kept: without(point, 'id', 'factors') })),
    kept: without(document, 'document', 'doc_type', 'basis', 'number', 'performed', 'convention', 'conclusion', 'points'),
  }
}

function factorFormOf(factor: Json): FactorForm {
  const pairs = listIn(factor, 'pairs')
  const parallels = pairs.some((pair) => Array.isArray(pair.parallels))
  const rows = pairs.map((pair) => rowOf(pair, parallels))
  return {
    id: newId(),
    factor: text(factor, 'factor'),
    unit: text(factor, 'unit'),
    basis: text(factor, 'basis') || null,
    instrument: instrumentOf(objectIn(factor, 'instrument')),
    method: text(objectIn(factor, 'reference_method'), 'method'),
    emissionLimit: text(factor, 'emission_limit'),
    parallels,
    times: pairs.some(({ from, to }) => from || to),
    rows: rows.length < ROWS_LEAST ? [...rows, ...emptyRows().slice(rows.length)] : rows,
    conclusion: text(factor, 'conclusion'),
    reported: { ...(objectIn(factor, 'reported') as Record<string, string>) },
    kept: without(factor, 'factor', 'unit', 'basis', 'emission_limit', 'pairs', 'conclusion', 'reported'),
  }
}

function instrumentOf(instrument: Json): NamedInstrument | null {
  const about = aboutOf(instrument)
  const id = text(about, 'instrument_id')
  if (!id) return null
  const version = typeof about.version === 'number' ? { version: about.version } : {}
  return { instrument_id: id, ...version, name: text(about, 'name') || null, model: text(about, 'model'), serial_number: text(about, 'serial_number') || null }
}

function rowOf(pair: Json, parallels: boolean): Row {
  const several = Array.isArray(pair.parallels) ? (pair.parallels as string[]) : []
  return {
    ...emptyRow(),
    ...(parallels ? { first: several[0] ?? '', second: several[1] ?? '' } : { reference: text(pair, 'reference') }),
    measured: text(pair, 'measured'),
    from: text(pair, 'from').replace('T', ' '),
    to: text(pair, 'to').replace('T', ' '),
    substitute: pair.substitute === true,
    more: several.slice(2),
    kept: without(pair, 'parallels', 'measured', 'substitute', 'from', 'to', ...(parallels ? [] : ['reference'])),
  }
}
