/** Whether the times on a sheet lie within its visit: the twin of qingyuan_standards/work_times.py. */
import type { WorkRules } from '../api/types'
import { localTime } from '../days'
import { whenOf } from './computing'
import { fieldLabel, propertyAt, type Path } from './schema'
import type { Finding, Form, Values } from './types'
import { rowsOf } from './work'

const localOf = (moment: string | null): string | null => moment && localTime(moment)
const shown = (time: string): string => time.replace('T', ' ')

function writtenOf(values: Values, name: string): { path: Path; value: string }[] {
  const [table = '', column] = name.split('.')
  const found: { path: Path; value: unknown }[] = column ? rowsOf(values, table).map((row, at) => ({ path: [table, at, column], value: row[column] })) : [{ path: [name], value: values[name] }]
  return found.filter((field): field is { path: Path; value: string } => typeof field.value === 'string' && whenOf(field.value) !== null)
}

/** To the minute, or to the day where a field holds days. A visit without a time is open on that side. */
export function outside(rules: WorkRules | undefined, form: Form, values: Values, arrived_at: string | null, left_at: string | null): Finding[] {
  const times = rules?.times
  const [arrived, left] = [localOf(arrived_at), localOf(left_at)]
  return (times?.fields[form.form] ?? []).flatMap((name) => writtenOf(values, name)).flatMap(({ path, value }): Finding[] => {
    const [first, last] = [arrived?.slice(0, value.length), left?.slice(0, value.length)]
    const [rule, bound] = first && value < first ? [times!.before, first] : last && value > last ? [times!.after, last] : [null, '']
    return rule ? [{ field: path.join('.'), rule: rule.rule, level: rule.level, sentence: fieldLabel(path, { title: '', ...propertyAt(form.schema, path) }) + rule.sentence.replace('{value}', shown(value)).replace('{limit}', shown(bound)) }] : []
  })
}
