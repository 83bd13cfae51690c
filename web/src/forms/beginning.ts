/** From when a correction holds unless somebody says otherwise: from today, or from the day on which the entry only begins. */
export const firstDay = (entry: { valid_from: string } | undefined, today: string): string => (entry && entry.valid_from > today ? entry.valid_from : today)

/** What is asked before a correction changes what was already on record for days gone by. */
export function questionOfPast(from: string, today: string): string | null {
  return from < today ? `自 ${from} 起的登记都会改成现在填写的内容，包括今天以前的日子。确定从这一天改起吗？` : null
}
