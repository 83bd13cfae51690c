/** From when a correction holds unless somebody says otherwise: from today, or from the day on which the entry only begins. */
export const firstDay = (entry: { valid_from: string } | undefined, today: string): string => (entry && entry.valid_from > today ? entry.valid_from : today)

const YEAR_AHEAD_MS = 366 * 24 * 3600 * 1000

/** Whether a calendar offers a day: the server refuses those before the entry (or what it belongs to) begins, and beyond a year. */
export function isOffered(day: string, earliest: string | undefined, today: string): boolean {
  return (!earliest || day >= earliest) && Date.parse(day) - Date.parse(today) <= YEAR_AHEAD_MS
}

/** What is asked before a correction changes what was already on record for days gone by. */
export function questionOfPast(from: string, today: string): string | null {
  return from < today ? `自 ${from} 起的登记都会改成现在填写的内容，包括今天以前的日子。确定从这一天改起吗？` : null
}
