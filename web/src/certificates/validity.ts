const DAY_MS = 86_400_000
/** From when on it is said that a certificate ends soon: 60, 30 and 7 days before. */
const SOON = [7, 30, 60]

/** Whole days until then; negative when it is over. */
export const daysLeft = (validTo: string, now: Date): number => Math.floor((Date.parse(validTo) - now.getTime()) / DAY_MS)

/** What to say of a certificate that ends soon or has ended; null where there is nothing to say. */
export function endingOf(validTo: string | null, now: Date): { text: string; type: 'error' | 'warning' | 'info'; /** A refusal says the same. */ over?: true } | null {
  if (!validTo) return null
  const days = daysLeft(validTo, now)
  if (Date.parse(validTo) < now.getTime()) return { text: '证书已过期，请到发证机构更新。', type: 'error', over: true }
  const step = SOON.find((most) => days <= most)
  if (step === undefined) return null
  const text = `证书还有 ${days} 天到期，请及时到发证机构更新。`
  return { text, type: step === 7 ? 'error' : step === 30 ? 'warning' : 'info' }
}
