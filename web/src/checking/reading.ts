/** Reads a document into a report, or tells why it cannot be checked: the twin of qingyuan_standards/rules/reading.py. */
import type { Decimal } from '../sheets/exact'
import { decimal } from '../sheets/exact'
import { DATA } from './data'
import type { Conclusion, Exemption, Factor, Problem, Report, Test, Typed } from './document'
import { readPairs } from './readingPairs'
import { readTest, readTyped } from './readingTests'
import { FACTORS, familiesOf, own, type Unit } from './units'
import { isObject, Walker, type Json } from './walking'

const { reading } = DATA
const CONCLUSIONS: Conclusion[] = ['pass', 'fail', 'not_judged']
const FIELDS = ['basis', 'convention', 'instrument', 'reference_method', 'emission_limit', 'pairs', 'tests', 'reported', 'conclusion', 'about']
const ONE = decimal(1)

/** `fullWidth`: as of a report; known of a document that is refused, too. */
export interface Read { problems: Problem[]; report: Report | null; fullWidth: [string, string][] }

/** Everything for which the document is refused, in its order, or the report. Never throws. */
export function read(document: unknown): Read {
  const walker = new Walker()
  const report = readReport(walker, document)
  return { problems: walker.problems, report: walker.problems.length ? null : report, fullWidth: walker.fullWidth }
}

function readReport(walker: Walker, document: unknown): Report | null {
  if (!isObject(document)) {
    walker.tell('', 'document.not-object', '应为一份 report.v1 文件（JSON 对象）。')
    return null
  }
  const owner = walker.members(document, '', ['document', 'doc_type', 'basis', 'performed', 'points'], ['number', 'convention', 'conclusion', 'exemptions', 'about'])
  walker.choice(owner, '', 'document', ['report.v1'])
  walker.text(owner, '', 'number')
  const docType = walker.choice(owner, '', 'doc_type', Object.keys(reading.doc_types))
  const basis = walker.choice(owner, '', 'basis', reading.bases)
  const { start, end, day } = performed(walker, owner)
  const convention = walker.choice(owner, '', 'convention', reading.conventions) ?? reading.conventions[0]!
  const concluded = conclusion(walker, owner, '')
  const factors = points(walker, owner, basis ?? reading.bases[0]!, convention)
  const exemptions = exemptionsOf(walker, owner)
  if (docType === null || basis === null || start === null || end === null) return null
  return { docType, basis, start, end, day, convention, concluded, factors, exemptions, fullWidth: walker.fullWidth }
}

function performed(walker: Walker, owner: Json): { start: number | null; end: number | null; day: string } {
  if ((own(owner, 'performed') ?? null) === null) return { start: null, end: null, day: '' }
  const times = walker.members(owner.performed, '/performed', ['from', 'to'])
  const [start, end] = [walker.moment(times, '/performed', 'from'), walker.moment(times, '/performed', 'to')]
  if (start !== null && end !== null && end < start) walker.tell('/performed/to', 'time.order', '早于开始时间。')
  return { start, end, day: start === null ? '' : String(times.from).slice(0, 10) }
}

const conclusion = (walker: Walker, owner: Json, at: string): Conclusion | null => walker.choice(owner, at, 'conclusion', CONCLUSIONS)

function points(walker: Walker, owner: Json, basis: string, convention: string): Factor[] {
  const known = new Set<string>()
  return walker.rows(owner, '', 'points', reading.points_max, 1).flatMap(([at, value]) => {
    const point = walker.members(value, at, ['id', 'factors'], ['about'])
    const name = walker.text(point, at, 'id') ?? ''
    if (known.has(name)) walker.tell(`${at}/id`, 'point.double', `“${name}”重复，一个点位只写一次。`)
    known.add(name)
    return factorsOf(walker, point, at, name, basis, convention)
  })
}

function factorsOf(walker: Walker, point: Json, at: string, name: string, basis: string, convention: string): Factor[] {
  const known = new Set<string>()
  return walker.rows(point, at, 'factors', reading.factors_max, 1).flatMap(([here, value]) => {
    const factor = factorOf(walker, value, here, name, basis, convention)
    if (!factor) return []
    const key = `${factor.code} ${factor.basis}`
    if (known.has(key)) walker.tell(`${here}/factor`, 'factor.double', `${FACTORS[factor.code]![0]}在本点位重复。`)
    known.add(key)
    return [factor]
  })
}

function factorOf(walker: Walker, value: unknown, at: string, point: string, basis: string, convention: string): Factor | null {
  const owner = walker.members(value, at, ['factor', 'unit'], FIELDS)
  const [code, unit] = [codeOf(walker, owner, at), walker.unit(owner, at, 'unit')]
  if (code === null || !unit) return null
  if (!familiesOf(code).has(unit.family)) walker.tell(`${at}/unit`, 'unit.unfit', `“${unit.name}”不是${FACTORS[code]![0]}的单位。`)
  const instrument = instrumentOf(walker, owner, at)
  const rangeUnit = walker.unit(instrument, `${at}/instrument`, 'unit')
  const fullScale = walker.number(instrument, `${at}/instrument`, 'range')
  const pairs = readPairs(walker, owner, at, unit, reading.can_be_negative.includes(unit.family))
  const tests = walker.rows(owner, at, 'tests', reading.tests_max).map(([here, test]) => readTest(walker, test, here, rangeUnit ?? unit))
  if ((own(owner, 'pairs') ?? null) === null && (own(owner, 'tests') ?? null) === null) walker.tell(`${at}/pairs`, 'list.empty', '和“试验”至少要有一项。')
  const limit = walker.number(owner, at, 'emission_limit')
  return {
    at, point, code, unit,
    basis: walker.choice(owner, at, 'basis', reading.bases) ?? basis,
    convention: walker.choice(owner, at, 'convention', reading.conventions) ?? convention,
    principle: walker.text(instrument, `${at}/instrument`, 'principle'),
    instrumentRange: fullScale && fullScale.value.times((rangeUnit ?? unit).factor),
    instrumentUnit: rangeUnit,
    no2: walker.choice(instrument, `${at}/instrument`, 'no2', ['measured', 'converted', 'none']),
    emissionLimit: limit && limit.value.times(unit.factor),
    pairs,
    tests: tests.filter((test): test is Test => test !== null),
    reported: reportedOf(walker, owner, at, unit),
    concluded: conclusion(walker, owner, at),
  }
}

function codeOf(walker: Walker, owner: Json, at: string): string | null {
  const code = walker.text(owner, at, 'factor')
  if (code === null || Object.hasOwn(FACTORS, code)) return code
  walker.tell(`${at}/factor`, 'factor.unknown', '不是 HJ 212 的因子编码，例如 a21026。')
  return null
}

function instrumentOf(walker: Walker, owner: Json, at: string): Json {
  const method = own(owner, 'reference_method') ?? null
  const here = `${at}/reference_method`
  if (method !== null) walker.text(walker.members(method, here, [], ['method', 'about']), here, 'method')
  const instrument = own(owner, 'instrument') ?? null
  return instrument === null ? {} : walker.members(instrument, `${at}/instrument`, [], ['principle', 'range', 'unit', 'no2', 'about'])
}

function reportedOf(walker: Walker, owner: Json, at: string, unit: Unit): Record<string, Typed> {
  const reported = own(owner, 'reported') ?? null
  if (reported === null) return {}
  const here = `${at}/reported`
  const figures = walker.members(reported, here, [], reading.reported)
  const scaleOf = (name: string): Decimal => (reading.plain.includes(name) ? ONE : unit.factor)
  const typed = reading.reported.map((name) => [name, readTyped(walker, figures, here, name, scaleOf(name))] as const)
  return Object.fromEntries(typed.flatMap(([name, figure]) => (figure ? [[name, figure]] : [])))
}

function exemptionsOf(walker: Walker, owner: Json): Exemption[] {
  return walker.rows(owner, '', 'exemptions', reading.exemptions_max).flatMap(([at, value]) => {
    const fields = walker.members(value, at, ['rule', 'from', 'to', 'reason'], ['point', 'factor'])
    const rule = walker.text(fields, at, 'rule')
    walker.text(fields, at, 'reason', reading.reason_max)
    const [point, factor] = [walker.text(fields, at, 'point'), walker.text(fields, at, 'factor')]
    const [first, last] = [walker.day(fields, at, 'from'), walker.day(fields, at, 'to')]
    if (first !== null && last !== null && last < first) walker.tell(`${at}/to`, 'time.order', '早于开始日期。')
    return rule !== null && first !== null && last !== null ? [{ rule, point, factor, first, last }] : []
  })
}
