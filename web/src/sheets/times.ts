/** Whether the times on a sheet lie within its visit: the twin of qingyuan_standards/work_times.py. */
import type { WorkRules } from '../api/types'
import { whenOf } from './computing'
import type { Finding, Form, Values } from './types'
import { rowsOf } from './work'

const LOCAL = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' })
const localOf = (moment: string | null): string | null => moment && LOCAL.format(new Date(moment)).replace(' ', 'T')
const shown = (time: string): string => time.replace('T', ' ')

function writtenOf(values: Values, name: string): { path: string; value: string }[] {
  const [table = '', column] = name.split('.')
  const found = column ? rowsOf(values, table).map((row, at) => ({ path: `${table}.${at}.${column}`, value: row[column] })) : [{ path: name, value: values[name] }]
  return found.filter((field): field is { path: string; value: string } => typeof field.value === 'string' && whenOf(field.value) !== null)
}

function titleOf(form: Form, path: string): string {
  const [name = '', row, column] = path.split('.')
  const property = form.schema.properties[name]
  return column ? `第 ${Number(row) + 1} 行“${property?.items?.properties[column]?.title ?? ''}”` : `“${property?.title ?? ''}”`
}

/** To the minute, or to the day where a field holds days. A visit without a time is open on that side. */
export function outside(rules: WorkRules | undefined, form: Form, values: Values, arrived_at: string | null, left_at: string | null): Finding[] {
  const times = rules?.times
  const [arrived, left] = [localOf(arrived_at), localOf(left_at)]
  return (times?.fields[form.form] ?? []).flatMap((name) => writtenOf(values, name)).flatMap(({ path, value }): Finding[] => {
    const [first, last] = [arrived?.slice(0, value.length), left?.slice(0, value.length)]
    const [rule, bound] = first && value < first ? [times!.before, first] : last && value > last ? [times!.after, last] : [null, '']
    return rule ? [{ field: path, rule: rule.rule, level: rule.level, sentence: titleOf(form, path) + rule.sentence.replace('{value}', shown(value)).replace('{limit}', shown(bound)) }] : []
  })
}
