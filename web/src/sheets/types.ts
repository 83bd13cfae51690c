/** A record sheet as data, as `GET /api/tasks/forms` gives it: one file of libs/standards, unchanged. */
export interface Form {
  form: string
  version: number
  title: string
  content: string
  medium: 'wastewater' | 'flue_gas' | 'any'
  principles?: string[]
  source: string
  confidence: Confidence
  valid_from: string
  valid_to: string | null
  instruments: 'one' | 'many' | 'none'
  schema: ObjectSchema & { $defs: Record<string, PropertySchema> }
  layout: Layout[]
  computed: Computed[]
  checks: Check[]
  bands?: Record<string, Band[]>
  tables?: Record<string, Record<string, string>>
  defaults_from_last: (string | Carried)[]
}

export type Confidence = 'OFFICIAL' | '2SRC' | 'SEEN' | 'RECALL'
export type Level = 'note' | 'warning'

/** What a sheet may hold: texts, tables of texts, nothing else; numbers are texts too. */
export type Values = { [field: string]: unknown }

export interface PropertySchema {
  title?: string
  type?: string
  format?: string
  pattern?: string
  enum?: string[]
  maxLength?: number
  minItems?: number
  maxItems?: number
  items?: ObjectSchema
  $ref?: string
  unit?: string
  confidence?: Confidence
  properties?: Record<string, PropertySchema>
  required?: string[]
}

export interface ObjectSchema extends PropertySchema {
  properties: Record<string, PropertySchema>
  required: string[]
}

/** Fields in their order; a name may be one that is computed. `every_days`: how often these items are due. */
export type Layout = { group: string; fields: string[]; every_days?: number } | { table: string; title: string; columns: string[] }

export interface Computed {
  field: string
  title: string
  formula: string
  of: Record<string, string>
  digits: number
  unit: string
  rows?: string
  when?: Conditions
  table?: string
  bands?: string
}

export interface Check {
  field: string
  rule: string
  kind: string
  level: Level
  sentence: string
  rows?: string
  when?: Conditions
  confidence?: Confidence
  source?: string
  limit?: string
  or?: { field: string; limit: string }
  from?: string
  to?: string
  used?: string
  after?: string
  of?: string[]
  values?: string[]
  bands?: string
  near_sentence?: string
}

/** Every field named has one of the texts given. */
export type Conditions = Record<string, string[]>

/** What may be off by how much where a value lies between bounds; `from` and `to` included, `above` and `below` not. */
export interface Band {
  rule: string
  when: Conditions
  from?: string
  above?: string
  below?: string
  to?: string
  judges: string
  limit: string
  unit: string
  confidence?: Confidence
  near?: string
}

/** A default taken from another field of the last sheet: what was read after the last calibration is where this one starts. */
export interface Carried {
  field: string
  from: string
}

/** A value that is not accepted; `field` is a dotted path (`readings.0.zero_before`). */
export interface Problem {
  field: string
  rule: string
  sentence: string
}

export interface Finding {
  field: string
  rule: string
  level: Level
  sentence: string
}

export interface Checked {
  problems: Problem[]
  computed: Record<string, string>
  findings: Finding[]
}
