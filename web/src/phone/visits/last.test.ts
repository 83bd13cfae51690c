// @vitest-environment node
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { carryOver, check, type Form, type Values } from '../../sheets'
import { changedByFactor, lastOf } from './last'

const form = (name: string): Form => JSON.parse(readFileSync(new URL(`../../../../libs/standards/src/qingyuan_standards/forms/${name}.v1.json`, import.meta.url), 'utf8')) as Form
const COMPARISON = form('comparison')
const AMMONIA: Values = { factor: '氨氮', unit: 'mg/L', laboratory: '甲检测', compared_on: '2026-11-20' }
const COD: Values = { factor: 'COD', unit: 'mg/L', laboratory: '乙检测', compared_on: '2026-09-01' }
const TASK = { last: { comparison: AMMONIA }, last_of_factor: { comparison: { 氨氮: AMMONIA, COD } } }

const starting = (factor: string, task: Parameters<typeof lastOf>[0] = TASK): Values => carryOver(COMPARISON, lastOf(task, COMPARISON, factor))

describe('the day of the last comparison', () => {
  it('is that of the same factor', () => {
    expect(starting('COD')).toMatchObject({ last_on: '2026-09-01', laboratory: '乙检测' })
    expect(starting('氨氮').last_on).toBe('2026-11-20')
  })

  it('is left open where the factor was never compared, or the phone knows only the last sheet', () => {
    expect(starting('总磷')).toMatchObject({ last_on: '', laboratory: '甲检测' })
    expect(starting('COD', { last: TASK.last }).last_on).toBe('')
  })

  it('makes the frequency check speak of this factor', () => {
    const found = (values: Values) => check(COMPARISON, { ...values, factor: 'COD', compared_on: '2026-11-25' }).findings.map(({ rule }) => rule)
    expect(found(starting('COD'))).toContain('WF-COMP')
    expect(found(starting('COD', { last: TASK.last }))).not.toContain('WF-COMP')
  })

  it('changes with the factor, and stays where a person wrote it', () => {
    const values = { ...starting('氨氮'), factor: '氨氮' }
    expect(changedByFactor(TASK, COMPARISON, values, 'COD')).toMatchObject({ last_on: '2026-09-01', laboratory: '乙检测' })
    expect(changedByFactor(TASK, COMPARISON, { ...values, last_on: '2026-10-10' }, 'COD')).not.toHaveProperty('last_on')
    expect(changedByFactor(TASK, COMPARISON, values, '氨氮')).toEqual({})
    expect(changedByFactor(TASK, COMPARISON, values, '')).toEqual({})
  })

  it('is that of the last sheet where a form is about no single factor', () => {
    const flow = form('flow_comparison')
    expect(carryOver(flow, lastOf({ last: { flow_comparison: { compared_on: '2026-11-20' } } }, flow, 'COD')).last_on).toBe('2026-11-20')
  })
})
