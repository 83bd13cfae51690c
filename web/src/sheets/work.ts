/** What a sheet must hold to count as its work, and what else is noticed about it: the twin of qingyuan_standards/work_rules.py. */
import type { WorkRules } from '../api/types'
import type { Checked, Finding, Form, Problem, Values } from './types'

type WorkRule = WorkRules['needed'][number]
type Row = Record<string, unknown>

const NUMBER = /^-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,6})?$/

const isWritten = (value: unknown): boolean => typeof value === 'string' && !/^[ \t\r\n\u3000]*$/.test(value)
const isBelowZero = (value: unknown): value is string => typeof value === 'string' && NUMBER.test(value) && Number(value) < 0

export function rowsOf(values: Values, table: string): Row[] {
  const rows = values[table]
  return Array.isArray(rows) ? rows.map((row: unknown) => (typeof row === 'object' && row !== null && !Array.isArray(row) ? (row as Row) : {})) : []
}

function fieldsOf(rule: WorkRule, form: Form): string[] {
  if (rule.every_days === null) return rule.any_of
  return form.layout.flatMap((part) => ('fields' in part && part.every_days === rule.every_days ? part.fields : []))
}

function isAnswered(values: Values, field: string): boolean {
  const [table = '', column] = field.split('.')
  return column ? rowsOf(values, table).some((row) => isWritten(row[column])) : isWritten(values[table])
}

interface Broken { field: string; rule: string; sentence: string }

function brokenOf(rules: WorkRule[], form: Form, content: string, values: Values): Broken[] {
  return rules
    .filter((rule) => rule.content === content && (rule.form === null || rule.form === form.form))
    .map((rule) => ({ rule, fields: fieldsOf(rule, form) }))
    .filter(({ fields }) => fields.length > 0 && !fields.some((field) => isAnswered(values, field)))
    .map(({ rule: { rule, sentence }, fields }) => ({ field: fields[0]!.split('.')[0]!, rule, sentence }))
}

/** The problem of a sheet on which nothing shows that its work was done. A phone that last fetched the forms long ago has no rules. */
export function lacking(rules: WorkRules | undefined, form: Form, content: string, values: Values): Problem[] {
  return rules ? brokenOf(rules.needed, form, content, values) : []
}

export function workFindings(rules: WorkRules | undefined, form: Form, content: string, values: Values): Finding[] {
  if (!rules) return []
  return [...brokenOf(rules.expected, form, content, values).map((broken): Finding => ({ ...broken, level: 'warning' })), ...inapplicableOf(rules, form, content, values), ...negativeOf(rules, form, values)]
}

/** A phone that last fetched the forms before there was this rule does not know it. */
function inapplicableOf({ inapplicable: rule }: Partial<WorkRules>, form: Form, content: string, values: Values): Finding[] {
  if (!rule || content !== rule.content) return []
  const items = Object.keys(form.schema.properties).filter((field) => form.schema.properties[field]?.enum?.includes(rule.answer))
  const left = items.filter((field) => values[field] !== rule.answer)
  const mayBeBlank = left.every((field) => !form.schema.required.includes(field) && !isWritten(values[field]))
  return left.length < items.length && mayBeBlank ? [{ field: items[0]!, rule: rule.rule, level: 'warning', sentence: rule.sentence }] : []
}

function negativeOf({ negative }: WorkRules, form: Form, values: Values): Finding[] {
  return (negative.columns[form.form] ?? []).flatMap((path) => {
    const [table = '', column = ''] = path.split('.')
    const title = form.schema.properties[table]?.items?.properties[column]?.title ?? ''
    return rowsOf(values, table).flatMap((row, at): Finding[] => {
      const value = row[column]
      if (!isBelowZero(value) || negative.not_for.includes(String(row.factor || values.factor))) return []
      return [{ field: `${table}.${at}.${column}`, rule: negative.rule, level: 'warning', sentence: `“${title}”${negative.sentence.replace('{value}', value)}` }]
    })
  })
}

/** The check of the form, and what is to be said of the sheet as work. */
export function withWork(checked: Checked, rules: WorkRules | undefined, form: Form, content: string, values: Values): Checked {
  const problems = lacking(rules, form, content, values).filter(({ field }) => !checked.problems.some((problem) => problem.field === field))
  return { ...checked, problems: [...checked.problems, ...problems], findings: [...checked.findings, ...workFindings(rules, form, content, values)] }
}
