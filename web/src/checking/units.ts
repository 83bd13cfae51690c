/** How a typed number and a typed unit are read: the twin of qingyuan_standards/rules/units.py. */
import { decimal, type Decimal } from '../sheets/exact'
import { DATA } from './data'

export interface Unit { name: string; family: string; factor: Decimal }
export interface ReadNumber { value: Decimal; fullWidth: boolean; places: number }

const NUMBER = /^-?[0-9]{1,9}(\.([0-9]{1,6}))?$/
const BLANKS = ' \\t\\r\\n\\u3000\\u00a0'
const AROUND = new RegExp(`^[${BLANKS}]+|[${BLANKS}]+$`, 'g')
const FULL_WIDTH = /[０-９．－−]/g
const SPELLINGS: Record<string, string> = { μ: 'µ', '％': '%', '／': '/' }

const { families, aliases, also } = DATA.units
export const FACTORS = DATA.factors

export const UNITS = new Map(
  Object.entries(families).flatMap(([family, units]) => Object.entries(units).map(([name, factor]): [string, Unit] => [name, { name, family, factor: decimal(factor) }])),
)

export const stripped = (text: string): string => text.replace(AROUND, '')

function halfWidth(character: string): string {
  if (character === '．') return '.'
  if (character === '－' || character === '−') return '-'
  return String.fromCharCode(character.charCodeAt(0) - '０'.charCodeAt(0) + '0'.charCodeAt(0))
}

/** Null for what is no plain decimal number. Full-width digits, point and minus are taken. `places`: digits behind the point. */
export function numberOf(text: string): ReadNumber | null {
  const written = stripped(text)
  const plain = written.replace(FULL_WIDTH, halfWidth)
  const found = NUMBER.exec(plain)
  return found && { value: decimal(plain), fullWidth: plain !== written, places: found[2]?.length ?? 0 }
}

export function unitOf(text: string): Unit | null {
  const written = stripped(text).replace(/[μ％／]/g, (character) => SPELLINGS[character]!).replaceAll('°C', '℃').replaceAll('m3', 'm³')
  return UNITS.get(own(aliases, written) ?? written) ?? null
}

/** The families of units in which a factor is read. */
export function familiesOf(factor: string): Set<string> {
  const unit = unitOf(FACTORS[factor]![1])
  const gas = DATA.units.gases.some((beginning) => factor.startsWith(beginning)) ? ['µmol/mol'] : []
  return new Set([...(unit ? [unit.family] : []), ...gas, ...(own(also, factor) ?? [])])
}

/** The names of units that a person may choose for a factor, the usual one first. */
export function unitsFor(factor: string): string[] {
  const usual = unitOf(FACTORS[factor]![1])?.name
  const names = [...familiesOf(factor)].flatMap((family) => Object.keys(families[family]!))
  return [...new Set([...(usual ? [usual] : []), ...names])]
}

export function own<T>(record: Record<string, T>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}
