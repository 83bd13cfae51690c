const SHANGHAI = { timeZone: 'Asia/Shanghai' } as const
const DAY = new Intl.DateTimeFormat('sv-SE', { ...SHANGHAI, dateStyle: 'short' })
const MOMENT = new Intl.DateTimeFormat('sv-SE', { ...SHANGHAI, dateStyle: 'short', timeStyle: 'medium' })

/** The legal day, 2026-11-24, wherever the browser stands. */
export const today = (): string => DAY.format(new Date())

/** The legal day of an instant in milliseconds. */
export const dayOf = (instant: number): string => DAY.format(new Date(instant))

/** An instant as the law sees it: 2026-11-24 08:30:00 in Asia/Shanghai. */
export const moment = (iso: string): string => MOMENT.format(new Date(iso))
