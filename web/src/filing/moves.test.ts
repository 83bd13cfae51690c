import { describe, expect, it } from 'vitest'
import { lastStanding, movesOf } from './moves'

const paths = (standing: 'active' | 'locked' | 'asked' | 'cancelled', filed_on: string | null, side: 'operator' | 'office') =>
  movesOf({ standing, filed_on }, side).map(({ path }) => path)

describe('what may be done about the standing of a filing', () => {
  it('an operator asks for its reactivation, and may give a filed one up', () => {
    expect(paths('active', null, 'operator')).toEqual([])
    expect(paths('active', '2026-11-20', 'operator')).toEqual(['cancellation'])
    expect(paths('locked', '2026-11-20', 'operator')).toEqual(['reactivation-request', 'cancellation'])
    expect(paths('asked', '2026-11-20', 'operator')).toEqual(['cancellation'])
    expect(paths('cancelled', null, 'operator')).toEqual([])
  })

  it('an office locks, reactivates what has asked, and revokes', () => {
    expect(paths('active', null, 'office')).toEqual([])
    expect(paths('active', '2026-11-20', 'office')).toEqual(['lock', 'revocation'])
    expect(paths('locked', '2026-11-20', 'office')).toEqual(['revocation'])
    expect(paths('asked', '2026-11-20', 'office')).toEqual(['reactivation', 'revocation'])
  })

  it('says why it is not in force', () => {
    const steps = [{ what: 'locked', at: '2026-11-20T02:00:00Z', text: '没有业务', number: null, by: null, day: null, remarks: [] }]
    expect(lastStanding({ standing: 'active', steps })).toBeNull()
    expect(lastStanding({ standing: 'locked', steps })?.text).toBe('备案已锁定（2026-11-20 10:00）：没有业务')
    expect(lastStanding({ standing: 'cancelled', steps: [] })).toEqual({ text: '备案已注销', tone: 'error' })
  })
})
