import { momentOf, dayOf } from './days'
import type { Decimal, Value } from './exact'
import { decimal } from './exact'
import type { Column } from './formulas'
import { FORMULAS } from './formulas'
import { own } from './schema'
import type { Band, Computed, Conditions, Form, Values } from './types'

const NUMBER = /^-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,6})?$/

/** The values of a sheet with what was computed so far, before rounding. */
export class Sheet {
  readonly exact = new Map<string, Value>()
  private readonly tables = new Map<string, Values[]>()

  constructor(readonly values: Values) {}

  /** The rows of a table; whatever is no row counts as an empty one, so that numbers of rows agree. */
  rows(table: string): Values[] {
    const known = this.tables.get(table)
    if (known) return known
    const found = own(this.values, table)
    const rows = Array.isArray(found) ? found.map((row: unknown) => (isRow(row) ? row : {})) : []
    this.tables.set(table, rows)
    return rows
  }

  /** Where a computation or check applies: once for the sheet, or once for each row it names. */
  scopes(of: { rows?: string; when?: Conditions }): Scope[] {
    const table = of.rows
    const scopes = table === undefined ? [new Scope(this)] : this.rows(table).map((_, at) => new Scope(this, table, at))
    return scopes.filter((one) => one.meets(of.when ?? {}))
  }
}

const isRow = (row: unknown): row is Values => typeof row === 'object' && row !== null && !Array.isArray(row)

/** A place to look names up from: a row and then the sheet around it, or the sheet alone. */
export class Scope {
  constructor(readonly sheet: Sheet, private readonly table: string | null = null, private readonly at = 0) {}

  path(name: string): string {
    return this.table === null ? name : `${this.table}.${this.at}.${name}`
  }

  /** As it was written; a sheet's field where the row has none of that name. */
  text(name: string): string | null {
    const row = this.table === null ? {} : this.sheet.rows(this.table)[this.at]!
    const found = Object.hasOwn(row, name) ? row[name] : own(this.sheet.values, name)
    return typeof found === 'string' ? found : null
  }

  /** A computed value, or the number that was written; a text that is no number has no value. */
  value(name: string): Value | null {
    const known = this.sheet.exact.get(this.path(name)) ?? this.sheet.exact.get(name)
    if (known !== undefined) return known
    const written = this.text(name)
    return written !== null && NUMBER.test(written) ? decimal(written) : null
  }

  number(name: string): Decimal | null {
    const found = this.value(name)
    return typeof found === 'string' ? null : found
  }

  column(name: string): Column {
    const [table, column] = name.split('.') as [string, string]
    return this.sheet.rows(table).map((_, at) => new Scope(this.sheet, table, at).value(column))
  }

  meets(conditions: Conditions): boolean {
    return Object.entries(conditions).every(([name, accepted]) => accepted.includes(this.text(name) ?? ''))
  }
}

/** Fill `sheet.exact` in the order of the form's list: a later one may use an earlier one. */
export function compute(form: Form, sheet: Sheet): void {
  for (const one of form.computed) {
    for (const scope of sheet.scopes(one)) {
      const value = one.formula === 'within' ? within(form, one, scope) : byFormula(form, one, scope)
      if (value !== null) sheet.exact.set(scope.path(one.field), value)
    }
  }
}

function byFormula(form: Form, one: Computed, scope: Scope): Value | null {
  const formula = FORMULAS[one.formula]!
  const names = formula.arguments.map((argument) => one.of[argument]!)
  switch (formula.takes) {
    case 'columns':
      return formula.apply(names.map((name) => scope.column(name)), form.tables?.[one.table ?? ''] ?? {})
    case 'numbers': {
      const of = names.map((name) => scope.number(name))
      return of.every((each) => each !== null) ? formula.apply(...of) : null
    }
    case 'moments': {
      const [earlier, later] = names.map((name) => whenOf(scope.text(name)))
      return typeof earlier === 'number' && typeof later === 'number' ? formula.apply(earlier, later) : null
    }
  }
}

/** A day, as its first minute, or a local time; null for anything else. */
export function whenOf(text: string | null): number | null {
  return text === null ? null : (dayOf(text) ?? momentOf(text))
}

/** What a band says of a sheet or row: which value it judges, and by how much that may be off. */
export interface Judged {
  band: Band
  value: Decimal
  limit: Decimal
  beyond: boolean
}

/** By the band that holds for this scope and in which the value `by` lies; null where there is none or no value. */
export function judgedByBand(form: Form, bands: string, by: string, scope: Scope): Judged | null {
  const level = scope.number(by)
  const band = level && form.bands![bands]!.find((one) => scope.meets(one.when) && lies(level, one))
  const value = band && scope.number(band.judges)
  if (!band || !value) return null
  const limit = decimal(band.limit)
  return { band, value, limit, beyond: value.abs().gt(limit) }
}

function lies(level: Decimal, band: Band): boolean {
  return (
    (band.from === undefined || level.gte(band.from)) &&
    (band.above === undefined || level.gt(band.above)) &&
    (band.below === undefined || level.lt(band.below)) &&
    (band.to === undefined || level.lte(band.to))
  )
}

function within(form: Form, one: Computed, scope: Scope): string | null {
  const judged = judgedByBand(form, one.bands!, one.of.by!, scope)
  return judged && (judged.beyond ? '否' : '是')
}

/** Within the limit, yet by less than one step of what is shown: to be looked at. */
export function near(judged: Judged, step: string): boolean {
  return !judged.beyond && judged.limit.minus(judged.value.abs()).lt(step)
}
