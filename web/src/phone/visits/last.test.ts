// @vitest-environment node
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { carryOver, check, type Form, type Values } from '../../sheets'
import { served } from '../../sheets/served'
import { changedByFactor, lastOf, lastRows } from './last'

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

describe('the last row beside a row', () => {
  const REGISTER = served()
  const beside = (name: string, table: string, rows: Record<string, string>[], last: Values, of: typeof REGISTER | undefined = REGISTER) => lastRows(of, form(name), table, rows, last)

  it('is the one about the same factor, wherever it stood', () => {
    const last = { checks: [{ factor: '氨氮', measured: '2.1' }, { factor: 'COD', measured: '49' }] }
    const rows = [{ factor: 'COD' }, { factor: '总磷' }, { factor: '氨氮' }, { factor: '' }]
    expect(beside('standard_check', 'checks', rows, last).map((row) => row?.measured)).toEqual(['49', undefined, '2.1', undefined])
    expect(beside('standard_check', 'checks', rows, last, undefined)[0]?.measured).toBe('49')
    expect(beside('standard_check', 'calibrations', [{ factor: 'COD' }], { calibrations: [{ factor: '氨氮' }, { factor: 'COD', signal: '7' }] })).toEqual([{ factor: 'COD', signal: '7' }])
  })

  it('is the one about the same instrument where two measure one factor', () => {
    const last = { readings: [{ factor: 'SO2', analyser: '甲', zero_after: '1' }, { factor: 'SO2', analyser: '乙', zero_after: '2' }] }
    expect(beside('calibration', 'readings', [{ factor: 'SO2', analyser: '乙' }, { factor: 'SO2', analyser: '甲' }], last).map((row) => row?.zero_after)).toEqual(['2', '1'])
  })

  it('goes by the number where a row is about nothing that has a name', () => {
    expect(beside('comparison', 'pairs', [{ at: '' }, { at: '' }, { at: '' }], { pairs: [{ online: '1' }, { online: '2' }] }).map((row) => row?.online)).toEqual(['1', '2', undefined])
    expect(beside('comparison', 'pairs', [{ at: '' }], {})).toEqual([undefined])
  })
})
