import type { Content, Interval, Medium } from '../../api/types'

/** How often, in people's words, and the RFC 5545 rule that says it. */
export type Frequency = 'daily' | 'weekly' | 'fifteen' | 'monthly' | 'quarterly' | 'half-yearly' | 'own'

export const FREQUENCIES: { value: Frequency; text: string; rule: string }[] = [
  { value: 'daily', text: '每日', rule: 'FREQ=DAILY' },
  { value: 'weekly', text: '每周', rule: 'FREQ=WEEKLY' },
  { value: 'fifteen', text: '每 15 天', rule: 'FREQ=DAILY;INTERVAL=15' },
  { value: 'monthly', text: '每月', rule: 'FREQ=MONTHLY' },
  { value: 'quarterly', text: '每季', rule: 'FREQ=MONTHLY;INTERVAL=3' },
  { value: 'half-yearly', text: '每半年', rule: 'FREQ=MONTHLY;INTERVAL=6' },
]

export type Unit = 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY'
export const UNITS: Record<Unit, string> = { DAILY: '天', WEEKLY: '周', MONTHLY: '月', YEARLY: '年' }

export interface Every {
  unit: Unit
  interval: number
}

function parts(rule: string): Map<string, string> {
  return new Map(rule.replace(/^RRULE:/, '').split(';').map((part) => part.split('=') as [string, string]))
}

/** `every 2 weeks` of a rule; null where a rule says more than that. */
export function everyOf(rule: string): Every | null {
  const found = parts(rule)
  const interval = Number(found.get('INTERVAL') ?? '1')
  const unit = found.get('FREQ') as Unit
  const plain = [...found.keys()].every((key) => key === 'FREQ' || key === 'INTERVAL')
  return plain && unit in UNITS && Number.isInteger(interval) && interval > 0 ? { unit, interval } : null
}

export function ruleOf({ unit, interval }: Every): string {
  return interval === 1 ? `FREQ=${unit}` : `FREQ=${unit};INTERVAL=${interval}`
}

/** The choice that stands for a rule; whatever no choice stands for is somebody's own. */
export function frequencyOf(rule: string): Frequency {
  const every = everyOf(rule)
  const plain = every ? ruleOf(every) : rule
  return FREQUENCIES.find((one) => one.rule === plain)?.value ?? 'own'
}

export function wordOf(rule: string): string {
  const known = FREQUENCIES.find((one) => one.value === frequencyOf(rule))
  if (known) return known.text
  const every = everyOf(rule)
  return every ? `每 ${every.interval} ${every.unit === 'MONTHLY' ? '个' : ''}${UNITS[every.unit]}` : rule
}

/** The rules of the standards that speak of this work at these points, each once; the strictest first. */
export function applicable(intervals: readonly Interval[], content: string, media: readonly string[]): Interval[] {
  const found = intervals.filter((one) => one.content === content && (!one.medium || media.includes(one.medium)))
  return [...new Map(found.map((one) => [one.rule_id, one])).values()].sort((a, b) => a.days_max - b.days_max || a.rule_id.localeCompare(b.rule_id))
}

/** What a work is held against until somebody chooses: the rule that asks for the least, as the server does. */
export const mildest = (rules: readonly Interval[]): Interval | undefined => rules[rules.length - 1]

/** What can be planned at all the points: the server refuses a work that does not fit one of them. */
export const plannable = (contents: readonly Content[], media: readonly Medium[]): Content[] =>
  contents.filter((content) => !content.media.length || media.every((medium) => content.media.includes(medium)))

/** Why an item that was chosen for other points does not fit those that are chosen now; '' where it fits. */
export function unfit(item: { content: string; basis: string }, media: readonly Medium[], contents: readonly Content[], intervals: readonly Interval[]): string {
  const content = contents.find((known) => known.code === item.content)
  if (!content || !media.length) return ''
  if (!plannable([content], media).length) return `“${content.name}”不适用于所选的全部测点，请改选内容或测点。`
  if (!item.basis || applicable(intervals, item.content, media).some((rule) => rule.rule_id === item.basis)) return ''
  const rule = intervals.find((known) => known.rule_id === item.basis)
  return `所依据的规定${rule?.about ? `“${rule.about}”` : ''}不适用于所选测点，请重新选择依据。`
}
