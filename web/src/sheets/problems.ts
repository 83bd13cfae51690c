import type { Schema } from '@cfworker/json-schema'
import { Validator, format } from '@cfworker/json-schema'
import { dayOf, momentOf } from './days'
import type { Path } from './schema'
import { fieldLabel, own, propertyAt } from './schema'
import type { Form, Problem, PropertySchema } from './types'

// Both validators report in their own way, so both are reduced to which keyword failed where; the rest is ours and the
// same in qingyuan_standards/checking_schema.py.
const RULES: Record<string, string> = {
  type: 'type',
  required: 'required',
  additionalProperties: 'unknown',
  enum: 'choice',
  maxLength: 'too-long',
  minItems: 'too-few',
  maxItems: 'too-many',
}
const FORMAT_RULES: Record<string, string> = { decimal: 'number', date: 'date', 'local-time': 'time' }
const LEAVES = new Set([...Object.keys(RULES), 'pattern', 'format'])
const TYPES: Record<string, string> = { string: '文字', array: '若干行', object: '一组填写内容' }

format.date = (text: string) => dayOf(text) !== null
format['local-time'] = (text: string) => momentOf(text) !== null

const validators = new WeakMap<Form, Validator>()

function validatorOf(form: Form): Validator {
  const known = validators.get(form)
  if (known) return known
  // The validator writes marks of its own into the schema it is given.
  const made = new Validator(JSON.parse(JSON.stringify(form.schema)) as Schema, '2020-12', false)
  validators.set(form, made)
  return made
}

/** One problem a field, sorted by field. */
export function problemsOf(form: Form, values: unknown): Problem[] {
  const found = new Map<string, { rank: number; problem: Problem }>()
  for (const error of validatorOf(form).validate(values).errors) {
    if (!LEAVES.has(error.keyword)) continue
    for (const path of placesOf(form, values, pathOf(values, error.instanceLocation), error.keyword)) {
      const one = problemOf(form, path, error.keyword)
      const other = found.get(one.problem.field)
      if (!other || one.rank < other.rank) found.set(one.problem.field, one)
    }
  }
  return [...found.keys()].sort().map((field) => found.get(field)!.problem)
}

function pathOf(values: unknown, pointer: string): Path {
  let owner = values
  return pointer.split('/').slice(1).map((escaped) => {
    const step = decodeURIComponent(escaped).replace(/~1/g, '/').replace(/~0/g, '~')
    const place = Array.isArray(owner) ? Number(step) : step
    owner = (owner as Record<string | number, unknown>)[place]
    return place
  })
}

/** Where the failure is to be shown: a missing or unknown field is not its object's fault. */
function placesOf(form: Form, values: unknown, path: Path, keyword: string): Path[] {
  if (keyword !== 'required' && keyword !== 'additionalProperties') return [path]
  const schema = propertyAt(form.schema, path)!
  const owner = path.reduce((of, step) => (of as Record<string | number, unknown>)[step], values) as Record<string, unknown>
  const names = keyword === 'required' ? schema.required!.filter((name) => !Object.hasOwn(owner, name)) : Object.keys(owner).filter((name) => !own(schema.properties, name))
  return names.map((name) => [...path, name])
}

function problemOf(form: Form, path: Path, keyword: string): { rank: number; problem: Problem } {
  const schema = propertyAt(form.schema, path) ?? {}
  const rule = RULES[keyword] ?? FORMAT_RULES[schema.format!]!
  const rank = keyword in RULES ? Object.keys(RULES).indexOf(keyword) : Object.keys(RULES).length
  return { rank, problem: { field: path.join('.'), rule, sentence: fieldLabel(path, schema) + said(rule, schema) } }
}

function said(rule: string, schema: PropertySchema): string {
  switch (rule) {
    case 'required': return '为必填项，不能为空。'
    case 'unknown': return '没有这一栏，请删除。'
    case 'choice': return `只能从以下选项中选择：${schema.enum!.join('、')}。`
    case 'too-long': return `内容过长，最多 ${schema.maxLength} 个字。`
    case 'too-few': return `至少填写 ${schema.minItems} 行。`
    case 'too-many': return `最多填写 ${schema.maxItems} 行。`
    case 'number': return `应为${schema.pattern!.startsWith('^-?') ? '数字' : '不小于 0 的数字'}，用半角书写，最多 9 位整数和 6 位小数，例如 12.5。`
    case 'date': return '应为真实存在的日期，格式为 YYYY-MM-DD。'
    case 'time': return '应为真实存在的时间，格式为 YYYY-MM-DDTHH:MM。'
    default: return `的格式不对，应为${TYPES[schema.type!]}。`
  }
}
