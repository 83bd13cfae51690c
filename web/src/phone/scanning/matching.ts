/** Which devices or instruments a scanned code names by their serial numbers. Pure. */

export interface Scannable { key: string; name: string; serial_number: string | null }

/** Shorter numbers stand in an address or a date by chance; alone in a code they are believed. */
const WITHIN_MIN = 4

/** Full-width forms and small letters are what a label or a clerk made of the same number. */
const alike = (text: string): string => text.normalize('NFKC').trim().replace(/\s+/g, ' ').toUpperCase()

/** The parts of an address may be written as %E7%BC%96. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
/** The number as a whole word: 1234 is not in A-1234. */
const asWord = (serial: string): RegExp => new RegExp(`(^|[^A-Z0-9_-])${escaped(serial)}(?![A-Z0-9_-])`, 'g')

/** The serial numbers that stand in a longer text, as a maker's address or “名称…编号…”. What a longer one covers is not also a shorter one. */
function within(text: string, serials: Set<string>): Set<string> {
  const found = new Set<string>()
  let rest = text
  for (const serial of [...serials].sort((a, b) => b.length - a.length)) {
    if (serial.length < WITHIN_MIN || !/\d/.test(serial)) continue
    const without = rest.replace(asWord(serial), '$1\n')
    if (without !== rest) found.add(serial)
    rest = without
  }
  return found
}

/** All that the codes name: none, one, or several of which a person has to choose. */
export function matching<T extends Pick<Scannable, 'serial_number'>>(codes: string[], items: T[]): T[] {
  const numberOf = ({ serial_number }: T): string => alike(serial_number ?? '')
  const serials = new Set(items.map(numberOf).filter(Boolean))
  const named = new Set(codes.flatMap((code) => (serials.has(alike(code)) ? [alike(code)] : [...within(alike(decoded(code)), serials)])))
  return items.filter((item) => named.has(numberOf(item)))
}

const SHOWN_MAX = 80

/** What was scanned, for the eye. */
export function shownAs(codes: string[]): string {
  const text = codes.join('、')
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text
}
