const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Milliseconds of a day `YYYY-MM-DD` that exists, counted in no time zone; null for anything else. */
export function dayOf(text: string): number | null {
  const found = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text)
  if (!found) return null
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])]
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  if (year < 1 || day < 1 || day > (DAYS[month - 1] ?? 0) + (leap ? 1 : 0)) return null
  // Date.UTC takes years below 100 for the twentieth century.
  return new Date(0).setUTCFullYear(year, month - 1, day)
}

/** The same of a local time `YYYY-MM-DDTHH:MM`. */
export function momentOf(text: string): number | null {
  const found = /^(.{10})T([0-9]{2}):([0-9]{2})$/.exec(text)
  const day = found && dayOf(found[1]!)
  if (!found || day === null) return null
  const [hour, minute] = [Number(found[2]), Number(found[3])]
  return hour > 23 || minute > 59 ? null : day + (hour * 60 + minute) * 60_000
}
