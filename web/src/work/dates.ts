/** Arithmetic on legal days (YYYY-MM-DD), without any time zone getting in. */

const DAY_MS = 86_400_000
const at = (day: string): Date => new Date(`${day}T00:00:00Z`)
const of = (date: Date): string => date.toISOString().slice(0, 10)

export const plusDays = (day: string, days: number): string => of(new Date(at(day).getTime() + days * DAY_MS))
export const daysBetween = (from: string, to: string): number => Math.round((at(to).getTime() - at(from).getTime()) / DAY_MS)
export const firstOfMonth = (day: string): string => `${day.slice(0, 7)}-01`

export function plusMonths(day: string, months: number): string {
  const date = at(firstOfMonth(day))
  date.setUTCMonth(date.getUTCMonth() + months)
  return of(date)
}

export const lastOfMonth = (day: string): string => plusDays(plusMonths(day, 1), -1)

/** The weeks that show a month, Monday first, filled up with the days around it. */
export function weeksOf(month: string): string[][] {
  const first = firstOfMonth(month)
  const monday = plusDays(first, -((at(first).getUTCDay() + 6) % 7))
  const weeks = Math.ceil((daysBetween(monday, lastOfMonth(first)) + 1) / 7)
  return Array.from({ length: weeks }, (_, week) => Array.from({ length: 7 }, (_, day) => plusDays(monday, week * 7 + day)))
}

export const WEEKDAYS = ['一', '二', '三', '四', '五', '六', '日']
export const monthName = (day: string): string => `${day.slice(0, 4)} 年 ${Number(day.slice(5, 7))} 月`

/** What is left until a moment, as 3 小时 12 分 08 秒; null once it is past. */
export function remaining(until: string, now: number): { text: string; urgent: boolean } | null {
  const left = Math.floor((Date.parse(until) - now) / 1000)
  if (left <= 0) return null
  const [hours, minutes, seconds] = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60]
  const two = (n: number) => String(n).padStart(2, '0')
  return { text: `${hours} 小时 ${two(minutes)} 分 ${two(seconds)} 秒`, urgent: left < 2 * 3600 }
}
