import { describe, expect, it } from 'vitest'
import type { Outlet } from '../api/types'
import { nextPointCode } from './codes'

const outlet = (code: string, ...points: string[]): Outlet => ({ particulars: { code }, points: points.map((point) => ({ particulars: { code: point } })) }) as unknown as Outlet

describe('the code that a new point begins with', () => {
  it('is the outlet’s for its first point', () => {
    expect([nextPointCode(outlet('DW001')), nextPointCode(outlet('DW001', '无'))]).toEqual(['DW001', 'DW001'])
  })

  it('is never one that a point of the outlet has', () => {
    expect(nextPointCode(outlet('DW001', 'DW001'))).toBe('DW001-02')
    expect(nextPointCode(outlet('DA001', 'DA001-01', 'DA001-03'))).toBe('DA001-04')
  })

  it('is 无 at an outlet without a code', () => {
    expect(nextPointCode(outlet('无', '无'))).toBe('无')
  })
})
