/** Reads the pairs of a factor: the twin of qingyuan_standards/rules/reading_pairs.py. */
import type { Decimal } from '../sheets/exact'
import { mean } from './formulas'
import type { Pair } from './document'
import { DATA } from './data'
import { stepTo } from './places'
import { readTyped } from './readingTests'
import { own, stripped, type Unit } from './units'
import { isObject, type Json, type Walker } from './walking'

const { pairs_max: PAIRS_MAX, parallels_max: PARALLELS_MAX } = DATA.reading
const FIELDS = ['from', 'to', 'reference', 'parallels', 'measured', 'substitute', 'excluded']
const VALUES = ['reference', 'parallels', 'measured']

/** Without empty pairs at the end. */
export function readPairs(walker: Walker, owner: Json, at: string, unit: Unit, signed: boolean): Pair[] {
  const rows = walker.rows(owner, at, 'pairs', PAIRS_MAX)
  while (rows.length && isEmpty(rows[rows.length - 1]![1])) rows.pop()
  const list = own(owner, 'pairs')
  if (!rows.length && Array.isArray(list) && list.length <= PAIRS_MAX) walker.tell(`${at}/pairs`, 'list.empty', '至少要有 1 行。')
  const pairs = rows.map(([here, value]) => readPair(walker, value, here, unit, signed))
  return pairs.filter((pair) => pair !== null)
}

const isEmpty = (value: unknown): boolean => value === null || (isObject(value) && !filledOf(value).length)
/** Which of the values of a pair are there. */
const filledOf = (fields: Json): string[] => VALUES.filter((name) => !isBlank(own(fields, name)))

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && !value.length) || (typeof value === 'string' && !stripped(value))
}

function readPair(walker: Walker, value: unknown, at: string, unit: Unit, signed: boolean): Pair | null {
  const fields = value === null ? {} : walker.members(value, at, [], FIELDS)
  const filled = filledOf(fields)
  if (!filled.length) {
    if (isEmpty(value)) walker.tell(at, 'pair.empty', '是空的，后面还有数据；请删除空行或补填。')
    return null
  }
  const [start, end] = times(walker, fields, at)
  const measured = filled.includes('measured') ? walker.number(fields, at, 'measured', signed) : null
  const parallels = filled.includes('parallels') ? parallelsOf(walker, fields, at, signed) : []
  const parallelMean = mean(parallels)?.times(unit.factor) ?? null
  const typed = filled.includes('reference') ? readTyped(walker, fields, at, 'reference', unit.factor, signed) : null
  tellOfHalves(walker, at, filled)
  const excluded = walker.text(fields, at, 'excluded')
  const substitute = flag(walker, fields, at, 'substitute')
  const reference = filled.includes('reference') ? typed?.value : parallelMean
  if (!reference || !measured) return null
  return {
    at, start, end, reference, measured: measured.value.times(unit.factor),
    parallels: parallels.length, stated: parallels.length ? typed : null, parallelMean,
    inputs: [filled.includes('reference') ? `${at}/reference` : `${at}/parallels`, `${at}/measured`],
    substitute, excluded: !isBlank(excluded),
  }
}

function times(walker: Walker, fields: Json, at: string): [number | null, number | null] {
  const [start, end] = [walker.moment(fields, at, 'from'), walker.moment(fields, at, 'to')]
  if (start !== null && end !== null && end < start) walker.tell(`${at}/to`, 'time.order', '早于开始时间。')
  return [start, end]
}

function parallelsOf(walker: Walker, fields: Json, at: string, signed: boolean): Decimal[] {
  const rows = walker.rows(fields, at, 'parallels', PARALLELS_MAX, 2)
  const found = rows.map(([, value], index) => walker.number({ [index]: value }, `${at}/parallels`, String(index), signed))
  return found.flatMap((number) => (number ? [number.value] : []))
}

function tellOfHalves(walker: Walker, at: string, filled: string[]): void {
  const [hasMeasured, hasReference] = [filled.includes('measured'), filled.some((name) => name !== 'measured')]
  if (hasReference !== hasMeasured) walker.tell(`${at}/${hasReference ? 'measured' : 'reference'}`, 'pair.half', '没有填写，一对数据须两值齐全。')
}

function flag(walker: Walker, fields: Json, at: string, name: string): boolean {
  const value = own(fields, name)
  if (typeof value === 'boolean' || value === undefined) return value ?? false
  walker.tell(at + stepTo(name), 'field.type', '应为 true 或 false。')
  return false
}
