/** Reads the items of testing: the twin of qingyuan_standards/rules/reading_tests.py. */
import { decimal, type Decimal } from '../sheets/exact'
import { DATA, type Spec } from './data'
import type { Row, Test, Typed } from './document'
import { stepTo } from './places'
import { own, stripped, UNITS, type Unit } from './units'
import { isObject, type Json, type Walker } from './walking'

const ROWS_MAX = DATA.reading.rows_max
const ONE = decimal(1)

export const SPECS = DATA.tests

/** `unit`: of the instrument. A level is read in millimetres where nothing else is said. */
export function readTest(walker: Walker, value: unknown, at: string, instrumentUnit: Unit): Test | null {
  const kind = kindOf(walker, value, at)
  if (kind === null || !isObject(value)) return null
  const spec = SPECS[kind]!
  const fields = walker.members(value, at, ['test', ...spec.required, ...(spec.rows ? [spec.rows] : [])], [...spec.optional, 'at', 'reported', 'unit'])
  const unit = unitOfTest(walker, fields, at, kind, instrumentUnit)
  const scale = spec.scaled ? unit.factor : ONE
  const numbers = numbersOf(walker, fields, at, spec, [...spec.required, ...spec.optional], scale)
  const rows = rowsOf(walker, fields, at, spec, scale)
  const when = walker.moment(fields, at, 'at')
  return { at, kind, when, unit, numbers, rows, inputs: inputsOf(fields, at, spec), reported: readTyped(walker, fields, at, 'reported', spec.reported_scaled ? unit.factor : ONE) }
}

function kindOf(walker: Walker, value: unknown, at: string): string | null {
  const kind = isObject(value) ? walker.choice(value, at, 'test', Object.keys(SPECS)) : null
  if (kind === null && !(isObject(value) && (own(value, 'test') ?? null) !== null)) walker.members(isObject(value) ? {} : value, at, ['test'])
  return kind
}

function unitOfTest(walker: Walker, fields: Json, at: string, kind: string, unit: Unit): Unit {
  const usual = kind === 'level' ? UNITS.get('mm')! : unit
  const stated = walker.unit(fields, at, 'unit')
  if (!stated || stated.family === usual.family) return stated ?? usual
  walker.tell(`${at}/unit`, 'unit.unfit', `“${stated.name}”与 ${usual.name} 不能换算。`)
  return usual
}

function numbersOf(walker: Walker, fields: Json, at: string, spec: Spec, names: string[], scale: Decimal): Row {
  const found = names.map((name) => [name, walker.number(fields, at, name, spec.signed.includes(name))] as const)
  return Object.fromEntries(found.flatMap(([name, number]) => (number ? [[name, number.value.times(scale)]] : [])))
}

function rowsOf(walker: Walker, fields: Json, at: string, spec: Spec, scale: Decimal): Row[] {
  if (spec.rows === null) return []
  return walker.rows(fields, at, spec.rows, ROWS_MAX, 1).map(([here, row], index) => {
    if (!spec.texts) return numbersOf(walker, walker.members(row, here, spec.columns), here, spec, spec.columns, scale)
    const read = numbersOf(walker, { [index]: row }, `${at}/${spec.rows}`, spec, [String(index)], scale)
    return Object.fromEntries(Object.values(read).map((value) => [spec.columns[0]!, value]))
  })
}

/** Pointers to every number of the test. */
function inputsOf(fields: Json, at: string, spec: Spec): string[] {
  const single = [...spec.required, ...spec.optional].filter((name) => (own(fields, name) ?? null) !== null).map((name) => at + stepTo(name))
  const rows = spec.rows === null ? null : own(fields, spec.rows)
  if (!Array.isArray(rows)) return single
  const ends = spec.texts ? [''] : spec.columns.map(stepTo)
  return [...single, ...rows.flatMap((_, index) => ends.map((end) => `${at}/${spec.rows}/${index}${end}`))]
}

/** A figure of the report, with how finely it was typed. */
export function readTyped(walker: Walker, owner: Json, at: string, name: string, scale: Decimal, signed = true): Typed | null {
  const number = walker.number(owner, at, name, signed)
  if (!number) return null
  const step = decimal(`1e-${number.places}`).times(scale)
  return { at: at + stepTo(name), text: stripped(String(owner[name])), value: number.value.times(scale), step }
}
