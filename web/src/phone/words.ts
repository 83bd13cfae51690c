import { deadline } from '../days'
import type { Work } from './types'

export { BACKFILL, CONFIRMATION_TEXT, FILING_MARKS, MARKS, MEDIUM } from '../words'

export type Urgency = 'late' | 'now' | 'soon' | 'calm'

/** Days are counted to the last day on which the work is in time. */
export function urgencyOf(work: Work[]): Urgency {
  const slack = Math.min(...work.map((one) => one.slack_days))
  if (!work.length) return 'calm'
  if (slack < 0) return 'late'
  if (slack === 0) return 'now'
  return slack <= 2 ? 'soon' : 'calm'
}

export function dueText(slack: number): string {
  if (slack < 0) return `已超期 ${-slack} 天`
  return slack === 0 ? '今天截止' : `还有 ${slack} 天`
}

const TIME = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit', hour12: false })
export const timeOf = (iso: string): string => TIME.format(new Date(iso))

/** The time of a deadline on the day itself. */
export const untilTime = (iso: string): string => deadline(iso).slice(-5)
