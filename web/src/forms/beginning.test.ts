import { describe, expect, it } from 'vitest'
import { firstDay, questionOfPast } from './beginning'

describe('from when a correction holds', () => {
  it('is today, however long the entry has been there', () => {
    expect(firstDay({ valid_from: '2020-01-01' }, '2026-11-30')).toBe('2026-11-30')
    expect(firstDay(undefined, '2026-11-30')).toBe('2026-11-30')
  })

  it('is never before the entry begins, which would be refused', () => {
    expect(firstDay({ valid_from: '2026-12-24' }, '2026-11-30')).toBe('2026-12-24')
  })

  it('is asked about once more only where it lies in the past', () => {
    expect(questionOfPast('2026-11-29', '2026-11-30')).toContain('2026-11-29')
    expect([questionOfPast('2026-11-30', '2026-11-30'), questionOfPast('2026-12-01', '2026-11-30')]).toEqual([null, null])
  })
})
