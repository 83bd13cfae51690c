const SHANGHAI = { timeZone: 'Asia/Shanghai' } as const
const DAY = new Intl.DateTimeFormat('sv-SE', { ...SHANGHAI, dateStyle: 'short' })
const MOMENT = new Intl.DateTimeFormat('sv-SE', { ...SHANGHAI, dateStyle: 'short', timeStyle: 'medium' })

/** The legal day, 2026-11-24, wherever the browser stands. */
export const today = (): string => DAY.format(new Date())

/** The day that a cell of a calendar stands for, by the browser's own clock. */
export function calendarDay(cell: Date): string {
  return [cell.getFullYear(), cell.getMonth() + 1, cell.getDate()].map((part) => String(part).padStart(2, '0')).join('-')
}

/** The legal day of an instant in milliseconds. */
export const dayOf = (instant: number): string => DAY.format(new Date(instant))

/** An instant as the law sees it: 2026-11-24 08:30:00 in Asia/Shanghai. */
export const moment = (iso: string): string => MOMENT.format(new Date(iso))

/** A deadline: a day that ends at midnight ends at 24:00 of that day, not at 00:00 of the next. The server says it so, too. */
export function deadline(iso: string): string {
  const said = moment(iso).slice(0, 16)
  return said.endsWith(' 00:00') ? `${dayOf(Date.parse(iso) - 1)} 24:00` : said
}

/** The same to the minute, as fields and forms hold a local time: 2026-11-24T08:30. */
export const localTime = (iso: string): string => moment(iso).slice(0, 16).replace(' ', 'T')
