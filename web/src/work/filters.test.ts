import { describe, expect, it } from 'vitest'
import { filterOf, queryOf } from './filters'

describe('a filter in the address', () => {
  it('takes the names it knows and its defaults for the rest', () => {
    expect(filterOf({ state: 'open', other: 'x', mark: ['a', 'b'] }, { state: '', mark: '', from: '2026-11-01' })).toEqual({ state: 'open', mark: '', from: '2026-11-01' })
  })

  it('is written without what is empty', () => {
    expect(queryOf({ state: '', from: '2026-11-01' })).toEqual({ from: '2026-11-01' })
  })
})
