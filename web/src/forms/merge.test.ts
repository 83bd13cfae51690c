import { describe, expect, it } from 'vitest'
import { ENTERPRISE_GROUPS, INSTRUMENT_GROUPS } from './fields'
import { divergences, merged, proposed } from './merge'

const groups = INSTRUMENT_GROUPS.sampler
const base = { kind: 'sampler', name: '采样器', model: 'SC', manufacturer: '厂', functions: '混合' }

describe('two people changed the same thing', () => {
  it('keeps the change of each where they touched different fields', () => {
    const [theirs, mine] = [{ ...base, name: '他人的名称' }, { ...base, model: '我的型号' }]
    const found = divergences(groups, { base, theirs, mine }, null)
    expect(found.map((one) => [one.field, one.changedBy])).toEqual([['name', 'theirs'], ['model', 'mine']])
    expect(merged(theirs, mine, proposed(found))).toEqual({ ...base, name: '他人的名称', model: '我的型号' })
  })

  it('asks where both changed one field, and shows all three', () => {
    const [theirs, mine] = [{ ...base, model: 'A' }, { ...base, model: 'B' }]
    const found = divergences(groups, { base, theirs, mine }, null)
    expect(found).toEqual([{ field: 'model', label: '规格型号', base: 'SC', theirs: 'A', mine: 'B', changedBy: 'both' }])
    expect(proposed(found)).toEqual({})
    expect(merged(theirs, mine, { model: 'mine' }).model).toBe('B')
    expect(merged(theirs, mine, { model: 'theirs' }).model).toBe('A')
  })

  it('is no divergence where both wrote the same', () => {
    const same = { ...base, model: 'A' }
    expect(divergences(groups, { base, theirs: same, mine: { ...same } }, null)).toEqual([])
  })

  it('takes over that the other emptied a field', () => {
    const { functions: _, ...theirs } = base
    const found = divergences(groups, { base, theirs, mine: base }, null)
    expect(merged(theirs, base, proposed(found))).not.toHaveProperty('functions')
  })

  it('does not mistake another order of a place’s parts for a change', () => {
    const [stored, typed] = [{ datum: 'WGS-84', latitude: '31.1', longitude: '121.1' }, { longitude: '121.1', latitude: '31.1', datum: 'WGS-84' }]
    expect(divergences(ENTERPRISE_GROUPS, { base: { location: stored }, theirs: { location: stored }, mine: { location: typed } }, null)).toEqual([])
  })
})
