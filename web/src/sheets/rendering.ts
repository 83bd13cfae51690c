import { own, resolved } from './schema'
import type { Computed, Form, PropertySchema, Values } from './types'

export type Kind = 'number' | 'day' | 'time' | 'choice' | 'text' | 'words' | 'table' | 'computed'

/** One field or column as a page needs it. `columns` are those of a table, in the form's order of properties. */
export interface FieldView {
  name: string
  title: string
  kind: Kind
  required: boolean
  unit: string
  choices: string[]
  length: number
  confidence: string | null
}

const LONG_TEXT = 200

/** How a unit of the standards is called where people read it. */
const UNITS: Record<string, string> = { d: '天' }

/** Every field, column (`readings.zero_before`) and computed value of a form, by its name as the layout has it. */
export function fieldsOf(form: Form): Record<string, FieldView> {
  const found: Record<string, FieldView> = {}
  const add = (prefix: string, of: PropertySchema) => {
    for (const [name, property] of Object.entries(of.properties ?? {})) {
      const schema = resolved(form.schema.$defs, property)
      found[prefix + name] = viewOf(prefix + name, schema, (of.required ?? []).includes(name))
      if (schema.items) add(`${prefix}${name}.`, schema.items)
    }
  }
  add('', form.schema)
  for (const one of form.computed) found[nameOf(one)] = { ...viewOf(nameOf(one), { title: one.title, unit: one.unit }, false), kind: 'computed' }
  return found
}

/** The Chinese label of every field, column and computed value, by its name. */
export function labels(form: Form): Record<string, string> {
  return Object.fromEntries(Object.values(fieldsOf(form)).map((one) => [one.name, one.title]))
}

function nameOf(one: Computed): string {
  return one.rows === undefined ? one.field : `${one.rows}.${one.field}`
}

function viewOf(name: string, schema: PropertySchema, required: boolean): FieldView {
  return {
    name,
    title: schema.title ?? name,
    kind: kindOf(schema),
    required,
    unit: UNITS[schema.unit ?? ''] ?? schema.unit ?? '',
    choices: schema.enum ?? [],
    length: schema.maxLength ?? 0,
    confidence: schema.confidence ?? null,
  }
}

function kindOf(schema: PropertySchema): Kind {
  if (schema.type === 'array') return 'table'
  if (schema.enum) return 'choice'
  if (schema.format === 'decimal') return 'number'
  if (schema.format === 'date') return 'day'
  if (schema.format === 'local-time') return 'time'
  return (schema.maxLength ?? 0) > LONG_TEXT ? 'words' : 'text'
}

/** What a sheet starts from: every field present and blank. A table that must have rows starts with one. */
export function emptyValues(form: Form): Values {
  const start = Object.entries(form.schema.properties).map(([name, property]): [string, unknown] => {
    if (property.type !== 'array') return [name, '']
    return [name, form.schema.required.includes(name) ? [emptyRow(form, name)] : []]
  })
  return Object.fromEntries(start)
}

/** A blank row of a table, for “add a row”. */
export function emptyRow(form: Form, table: string): Record<string, string> {
  return Object.fromEntries(Object.keys(form.schema.properties[table]?.items?.properties ?? {}).map((name) => [name, '']))
}

/** What a sheet starts from when the last one of its kind is known: the form says which fields are taken from it. */
export function carryOver(form: Form, last: Values | null | undefined): Values {
  const start = emptyValues(form)
  if (!last) return start
  for (const one of form.defaults_from_last) {
    const [field, from] = typeof one === 'string' ? [one, one] : [one.field, one.from]
    if (field.includes('.')) carryColumn(form, start, last, field.split('.') as [string, string], from.split('.')[1]!)
    else start[field] = carried(form, form.schema.properties[field], own(last, from))
  }
  return start
}

function carryColumn(form: Form, start: Values, last: Values, [table, column]: [string, string], from: string): void {
  const old = own(last, table)
  if (!Array.isArray(old)) return
  const rows = start[table] as Record<string, unknown>[]
  while (rows.length < old.length) rows.push(emptyRow(form, table))
  const schema = form.schema.properties[table]?.items?.properties[column]
  old.forEach((row: Values | null, at) => {
    rows[at]![column] = carried(form, schema, row ? own(row, from) : undefined)
  })
}

/** A day may be taken from a time. */
function carried(form: Form, schema: PropertySchema | undefined, value: unknown): string {
  if (typeof value !== 'string') return ''
  return schema && resolved(form.schema.$defs, schema).format === 'date' ? value.slice(0, 10) : value
}

/** Full-width digits, points and signs as a Chinese keyboard writes them, made what a number is written with. */
export function halfWidth(text: string): string {
  return text.replace(/[０-９．－＋]/g, (one) => String.fromCharCode(one.charCodeAt(0) - 0xfee0)).replace(/[。]/g, '.').replace(/[−–—]/g, '-').trim()
}
