import { describe, expect, it } from 'vitest'
import { filtersSet, filterOf, queryOf } from './filters'

describe('a filter in the address', () => {
  it('takes the names it knows and its defaults for the rest', () => {
    expect(filterOf({ state: 'open', other: 'x', mark: ['a', 'b'] }, { state: '', mark: '', from: '2026-11-01' })).toEqual({ state: 'open', mark: '', from: '2026-11-01' })
  })

  it('is written without what is empty', () => {
    expect(queryOf({ state: '', from: '2026-11-01' })).toEqual({ from: '2026-11-01' })
  })

  it('is counted where it is other than the page begins with: a period once, and not what stands outside of the folded filters', () => {
    const begins = { from: '2026-11-01', to: '2026-11-30', status: 'in_use', state: '', search: '', as_of: '' }
    expect(filtersSet(begins, begins)).toBe(0)
    expect(filtersSet({ ...begins, from: '2026-10-01', to: '2026-10-31', status: 'all', state: 'open', search: '清泉', as_of: '2026-11-02' }, begins)).toBe(3)
    expect(filtersSet({ ...begins, to: '2026-12-01' }, begins)).toBe(1)
  })
})
