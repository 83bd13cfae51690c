import { describe, expect, it } from 'vitest'
import { daysBetween, lastOfMonth, plusDays, plusMonths, remaining, weeksOf } from './dates'

describe('legal days', () => {
  it('count over months, leap days and years', () => {
    expect(plusDays('2028-02-28', 1)).toBe('2028-02-29')
    expect(plusDays('2027-01-01', -1)).toBe('2026-12-31')
    expect(daysBetween('2026-12-25', '2027-01-04')).toBe(10)
    expect(plusMonths('2026-01-31', 1)).toBe('2026-02-01')
    expect(lastOfMonth('2026-02-10')).toBe('2026-02-28')
  })

  it('make weeks that begin on Monday and hold the whole month', () => {
    const weeks = weeksOf('2026-11-24')
    expect(weeks[0]?.[0]).toBe('2026-10-26')
    expect(weeks.at(-1)?.at(-1)).toBe('2026-12-06')
    expect(weeksOf('2027-02-15')).toHaveLength(4)
  })
})

describe('what is left until the deadline', () => {
  const due = '2026-11-24T16:00:00Z'

  it('is counted to the second and is over at the deadline itself', () => {
    expect(remaining(due, Date.parse('2026-11-24T12:58:51Z'))).toEqual({ text: '3 小时 01 分 09 秒', urgent: false })
    expect(remaining(due, Date.parse('2026-11-24T15:59:59Z'))).toEqual({ text: '0 小时 00 分 01 秒', urgent: true })
    expect(remaining(due, Date.parse(due))).toBeNull()
  })
})
