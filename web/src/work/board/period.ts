/** The days that the board begins with. On the first days of a month hardly anything of it has ended: then the month before is shown. Pure. */
import { firstOfMonth, plusDays, plusMonths } from '../dates'
import type { Period } from './links'

const FIRST_DAYS = 5

export function firstPeriod(day: string): Period {
  const month = firstOfMonth(day)
  return Number(day.slice(8)) <= FIRST_DAYS ? { from: plusMonths(day, -1), to: plusDays(month, -1) } : { from: month, to: day }
}

/** Which days these are, where they are a month or the part of it that is over. */
export function periodText({ from, to }: Period, day: string): string {
  const month = firstOfMonth(day)
  if (from === plusMonths(day, -1) && to === plusDays(month, -1)) return '上月'
  return from === month && to === day ? '本月至今' : ''
}

export const saidOfFirst = (period: Period, day: string): string => (Number(day.slice(8)) <= FIRST_DAYS && periodText(period, day) === '上月' ? `本月的前 ${FIRST_DAYS} 天先看上月；看本月的，改起止日期。` : '')
