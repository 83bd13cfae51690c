import { describe, expect, it } from 'vitest'
import { Intent } from '../api/intent'
import { withQuery } from '../api'
import { Problem } from '../api/problem'
import { INSTRUMENT_GROUPS, POINT_GROUPS } from './fields'
import { missing, particularsOf, startOf } from './model'

const groups = INSTRUMENT_GROUPS.sampler
const sampler = { kind: 'sampler', name: '采样器', model: 'SC', construction: 'built', manufacturer: '厂', outlet_kind: '总排口' }

describe('a form', () => {
  it('gives back what it was started from', () => {
    expect(particularsOf(groups, startOf(groups, sampler), sampler)).toEqual(sampler)
  })

  it('leaves out blanks and keeps false', () => {
    const values = { ...startOf(groups, sampler), functions: '  ', refrigeration: false }
    const sent = particularsOf(groups, values, { kind: 'sampler' })
    expect(sent).not.toHaveProperty('functions')
    expect(sent.refrigeration).toBe(false)
  })

  it('names every starred field that is empty, as the figure stars them', () => {
    expect(Object.keys(missing(groups, startOf(groups)))).toEqual(['name', 'model', 'construction', 'manufacturer', 'outlet_kind'])
  })

  it('sends no half location', () => {
    const values = { ...startOf(POINT_GROUPS), code: 'DW001', name: '测点', factors: ['w01018'] }
    expect(particularsOf(POINT_GROUPS, values, { medium: 'wastewater' })).toEqual({ medium: 'wastewater', code: 'DW001', name: '测点', factors: ['w01018'] })
  })

  it('asks for a number where the figure has a parameter', () => {
    const gas = INSTRUMENT_GROUPS.flue_gas_analyser
    expect(missing(gas, { ...startOf(gas), duct_area: '三' }).duct_area).toBe('应填写数字。')
  })
})

describe('an intent', () => {
  it('keeps its key for a retry and takes a new one for other content', () => {
    const intent = new Intent()
    const first = intent.keyFor({ a: 1 })
    expect(intent.keyFor({ a: 1 })).toBe(first)
    expect(intent.keyFor({ a: 2 })).not.toBe(first)
    expect(first).toMatch(/^[0-9a-f]{32}$/)
  })
})

describe('the API client', () => {
  it('leaves empty filters out of the address', () => {
    expect(withQuery('/views/enterprises', { search: '清泉', district: '', after: null })).toBe('/views/enterprises?search=%E6%B8%85%E6%B3%89')
  })

  it('maps problems to the bare field of a form', () => {
    const problem = new Problem(422, 'command.invalid', '有误', [{ field: 'particulars.unit', rule: 'HJ 212', sentence: '单位不符' }])
    expect(problem.byField).toEqual({ unit: '单位不符' })
  })
})
