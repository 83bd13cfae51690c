import { daysBetween } from '../dates'
import type { Word } from '../words'

const SOON_DAYS = 60

/** Whether a contract holds on a day; shortly before its end it says so. */
export function standingOf({ first_day, last_day }: { first_day: string; last_day: string }, day: string): Word {
  if (day < first_day) return { text: '未开始', tone: 'info' }
  if (day > last_day) return { text: '已到期', tone: 'danger' }
  return daysBetween(day, last_day) <= SOON_DAYS ? { text: '即将到期', tone: 'warning' } : { text: '履行中', tone: 'success' }
}
