import { describe, expect, it } from 'vitest'
import { coordinates } from './coordinates'
import { shown } from './forms/model'

describe('a place', () => {
  it('is written with its longitude first, and six decimals', () => {
    expect(coordinates({ longitude: '121.10000000', latitude: 31.15, datum: 'WGS-84' })).toBe('121.100000, 31.150000（WGS-84）')
    expect(shown({ key: 'location', label: '经纬度', kind: 'location' }, { longitude: '121.1234567', latitude: '31.1', datum: 'CGCS2000' }, null)).toBe('121.123457, 31.100000（CGCS2000）')
  })
})
