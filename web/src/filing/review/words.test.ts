import { describe, expect, it } from 'vitest'
import type { FilingRow } from '../types'
import { daysWaiting, figuresOf } from './words'

const row = (moved_at: string, returned = 0) => ({ moved_at, returned }) as FilingRow

describe('how long a submission waits', () => {
  it('is counted by the legal calendar, not by hours', () => {
    expect(daysWaiting(row('2026-11-26T15:59:00Z'), '2026-11-27')).toBe(1)
    expect(daysWaiting(row('2026-11-26T16:01:00Z'), '2026-11-27')).toBe(0)
  })

  it('is long after three days, and often returned from the second time', () => {
    const rows = [row('2026-11-24T02:00:00Z', 1), row('2026-11-23T02:00:00Z', 2), row('2026-11-27T02:00:00Z', 3)]
    expect(figuresOf(rows, '2026-11-27')).toEqual({ waiting: 3, long: 1, often: 2 })
    expect(figuresOf([], '2026-11-27')).toEqual({ waiting: 0, long: 0, often: 0 })
  })
})
