import { describe, expect, it } from 'vitest'
import { firstDay, isOffered, questionOfPast } from './beginning'

describe('from when a correction holds', () => {
  it('is today, however long the entry has been there', () => {
    expect(firstDay({ valid_from: '2020-01-01' }, '2026-11-30')).toBe('2026-11-30')
    expect(firstDay(undefined, '2026-11-30')).toBe('2026-11-30')
  })

  it('is never before the entry begins, which would be refused', () => {
    expect(firstDay({ valid_from: '2026-12-24' }, '2026-11-30')).toBe('2026-12-24')
  })

  it('is offered from the first day of the entry to a year ahead', () => {
    const offered = (day: string) => isOffered(day, '2026-06-01', '2026-11-30')
    expect(['2026-05-31', '2026-06-01', '2027-12-01', '2027-12-02'].map(offered)).toEqual([false, true, true, false])
    expect(isOffered('1999-01-01', undefined, '2026-11-30')).toBe(true)
  })

  it('is asked about once more only where it lies in the past', () => {
    expect(questionOfPast('2026-11-29', '2026-11-30')).toContain('2026-11-29')
    expect([questionOfPast('2026-11-30', '2026-11-30'), questionOfPast('2026-12-01', '2026-11-30')]).toEqual([null, null])
  })
})
