import type { Assignee, Device, Interval, PlanDraft, PlanItem } from '../../api/types'
import { everyOf, frequencyOf, ruleOf, FREQUENCIES, type Every, type Frequency } from './frequency'

/** One kind of work as it is typed. `own` is what "自定义" says; the rule is made of it. */
export interface ItemDraft {
  id: number
  content: string
  frequency: Frequency
  own: Every
  gap: number | null
  basis: string
}

let made = 0

export const newItem = (): ItemDraft => ({ id: ++made, content: '', frequency: 'weekly', own: { unit: 'DAILY', interval: 10 }, gap: null, basis: '' })

export const ruleFor = (item: ItemDraft): string => FREQUENCIES.find((one) => one.value === item.frequency)?.rule ?? ruleOf(item.own)

export function itemOf(item: ItemDraft): PlanItem {
  return { content: item.content, rule: ruleFor(item), gap_days_max: item.gap, basis: item.basis || null }
}

export function draftOf(item: PlanItem): ItemDraft {
  const own = everyOf(item.rule) ?? { unit: 'DAILY' as const, interval: 1 }
  return { id: ++made, content: item.content, frequency: frequencyOf(item.rule), own, gap: item.gap_days_max ?? null, basis: item.basis ?? '' }
}

/** Taking a rule of the standards as basis takes over its figure too; whoever wants it stricter changes the figure. */
export function follow(item: ItemDraft, rule: Interval | undefined): void {
  item.basis = rule?.rule_id ?? ''
  if (rule) item.gap = rule.days_max
}

export interface PlanForm {
  name: string
  points: string[]
  period: [string, string] | null
  assignees: Assignee[]
  devices: Device[]
  items: ItemDraft[]
  gapsReason: string
}

/** How many cycles a plan brings: those of its items hold at each of its points. */
export function cyclesOf(items: { windows: unknown[] }[], points: number): string {
  const each = items.reduce((sum, item) => sum + item.windows.length, 0)
  return points > 1 ? `每个测点 ${each} 个周期，${points} 个测点共 ${each * points} 个` : `共 ${each} 个周期`
}

/** What is missing before the server can lay out the windows, by field. */
export function problemsOf(form: PlanForm): Record<string, string> {
  const found: Record<string, string> = {}
  if (!form.name.trim()) found.name = '请填写计划名称。'
  if (!form.points.length) found.points = '请至少选择一个测点。'
  if (!form.period) found.period = '请填写计划期限。'
  if (!form.assignees.length) found.assignees = '请至少选择一名运维人员。'
  if (!form.items.length) found.items = '请至少添加一项运维内容。'
  form.items.forEach((item, at) => {
    if (!item.content) found[`items.${at}`] = '请选择运维内容。'
    if (item.gap !== null && (!Number.isInteger(item.gap) || item.gap < 1)) found[`items.${at}`] = '最多间隔天数应为正整数。'
  })
  form.devices.forEach((device, at) => {
    if (!device.name.trim() || !device.serial_number.trim()) found[`devices.${at}`] = '请填写设备名称和出厂编号。'
  })
  return found
}

/** The reason is asked for where the preview has gaps, and does not change what is laid out. */
export const reasonMissing = (form: PlanForm, gaps: readonly unknown[]): boolean => gaps.length > 0 && !form.gapsReason.trim()

const day = (text: string | null | undefined): string | null => text || null

export function planOf(form: PlanForm, contractId: string): PlanDraft {
  const [first_day, last_day] = form.period ?? ['', '']
  return {
    contract_id: contractId, name: form.name.trim(), points: form.points, first_day, last_day, items: form.items.map(itemOf),
    ...crewOf(form),
  }
}

/** A crew as it is sent: what the filing knows of it the server adds itself. */
export function crewOf({ assignees, devices }: Pick<PlanForm, 'assignees' | 'devices'>): Pick<PlanForm, 'assignees' | 'devices'> {
  return {
    assignees: assignees.map((one) => ({ account: one.account, certificate_to: day(one.certificate_to) })),
    devices: devices.map((one) => ({ name: one.name.trim(), serial_number: one.serial_number.trim(), calibrated_to: day(one.calibrated_to) })),
  }
}
