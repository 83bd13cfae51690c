import type { Cycle, CycleState, PlanPreview, HolidayCalendar } from '../../api/types'
import { daysBetween } from '../dates'

/** One window as the month shows it. */
export interface Block {
  key: string
  content: string
  opens: string
  closes: string
  state: CycleState | 'planned'
  place?: string
  slack?: number | null
  visitId?: string | null
  number: number
  /** What the window has to do with another contract; see `otherContract`. */
  other?: string
}

export const previewBlocks = (preview: PlanPreview): Block[] =>
  preview.items.flatMap((item, index) =>
    item.windows.map((window) => ({ key: `${index}-${window.number}`, content: item.content, state: 'planned' as const, ...window })),
  )

/** The same as OtherContract.vue says in lists, as one sentence; '' where there is nothing to say. */
export function otherContract({ under, by_others }: Pick<Cycle, 'under' | 'by_others'>): string {
  if (under) return `按另一份合同完成：${under.number}`
  if (!by_others) return ''
  const contract = by_others.contract ? `（合同 ${by_others.contract.number}）` : ''
  return `另有${by_others.operator_name || '其他运维机构'} ${by_others.day} 的运维${contract}，不计入本计划`
}

/** Points of several enterprises may have the same name, so the enterprise stands beside it. */
export function cycleBlocks(cycles: readonly Cycle[]): Block[] {
  const several = new Set(cycles.map((cycle) => cycle.enterprise_id)).size > 1
  return cycles.map((cycle) => ({
    key: `${cycle.plan_id}-${cycle.item}-${cycle.number}-${cycle.point_id}`, content: cycle.content, opens: cycle.opens, closes: cycle.closes, state: cycle.state,
    place: several ? `${cycle.point_name}（${cycle.enterprise_name}）` : cycle.point_name, slack: cycle.slack_days, visitId: cycle.visit_id, number: cycle.number, other: otherContract(cycle),
  }))
}

export interface Bar {
  block: Block
  /** First column and how many, from 0 (Monday). */
  column: number
  span: number
  lane: number
  starts: boolean
  ends: boolean
}

const URGENCY: Record<Block['state'], number> = { missed: 0, open: 1, planned: 1, done: 2, stopped: 3 }

const overlap = (a: Bar, b: Bar): boolean => a.column < b.column + b.span && b.column < a.column + a.span

function barOf(block: Block, first: string, last: string): Bar {
  const column = Math.max(0, daysBetween(first, block.opens))
  const until = Math.min(6, daysBetween(first, block.closes))
  return { block, column, span: until - column + 1, lane: 0, starts: block.opens >= first, ends: block.closes <= last }
}

/** Lays the windows of one week into lanes, so that none covers another: late ones on top, then what begins first, then the longer. */
export function lanes(blocks: readonly Block[], week: readonly string[]): Bar[] {
  const [first, last] = [week[0] as string, week[6] as string]
  const bars = blocks.filter((one) => one.opens <= last && one.closes >= first).map((block) => barOf(block, first, last))
  bars.sort((a, b) => URGENCY[a.block.state] - URGENCY[b.block.state] || a.column - b.column || b.span - a.span || a.block.key.localeCompare(b.block.key))
  const placed: Bar[] = []
  for (const bar of bars) {
    while (placed.some((one) => one.lane === bar.lane && overlap(one, bar))) bar.lane++
    placed.push(bar)
  }
  return placed
}

export type DayKind = { name: string | null; off: boolean; makeUp: boolean }

/** Whether a day is worked, with the name of its holiday; 调休 are weekend days that are worked. */
export function dayKind(day: string, calendar: Pick<HolidayCalendar, 'holidays' | 'workdays'> | null): DayKind {
  const name = calendar?.holidays[day] ?? null
  const makeUp = calendar?.workdays.includes(day) ?? false
  const weekend = [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay())
  return { name, makeUp, off: !makeUp && (name !== null || weekend) }
}
