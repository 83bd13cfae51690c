import { describe, expect, it } from 'vitest'
import { check } from '../../checking'
import { documentWith, GOOD, POINT, task } from '../samples'
import { instrumentsFor, kindsFor, pointFormOf } from './choosing'
import { documentOf, emptyForm, formOf } from './form'
import { messagesOf } from './judging'

describe('a document in the editor', () => {
  it('comes back as it was, with what the page does not show', () => {
    const whole = documentWith(GOOD)
    const [point] = whole.points as { factors: Record<string, unknown>[] }[]
    Object.assign(point!.factors[0]!, {
      tests: [{ test: 'zero_drift', before: '0', after_last: '1' }], reported: { relative_accuracy: '5.1' }, about: { gas: 'G1' }, instrument: { range: '1000', about: { instrument_id: 'i1', name: '分析仪', model: 'U23' } },
      reference_method: { method: 'HJ 57-2017', about: { device: 'd1' } },
      pairs: [{ from: '2026-11-03T09:00', to: '2026-11-03T09:10', reference: '812', measured: '770' }, { reference: '798', measured: '762', excluded: '停机' }],
    })
    expect(documentOf(formOf(whole), true)).toEqual(whole)
  })

  it('keeps parallels, also more of them than the grid has columns', () => {
    const whole = documentWith([])
    ;(whole.points as { factors: { pairs: object[] }[] }[])[0]!.factors[0]!.pairs = [{ parallels: ['1', '2', '3'], measured: '2' }, { parallels: ['4', '5'], measured: '4', substitute: true }]
    expect(documentOf(formOf(whole), true)).toEqual(whole)
  })

  it('that is new holds nothing that nobody filled in', () => expect(documentOf(emptyForm(), true)).toEqual({ document: 'report.v1', points: [] }))

  it('is saved with a pair that is half typed, and judged without it', () => {
    const form = formOf(documentWith(GOOD))
    form.points[0]!.factors[0]!.rows[9] = { ...form.points[0]!.factors[0]!.rows[0]!, reference: '800', measured: '' }
    const pairs = (whole: boolean) => ((documentOf(form, whole).points as { factors: { pairs: object[] }[] }[])[0]!.factors[0]!.pairs)
    expect([pairs(true).length, pairs(false).length]).toEqual([10, 9])
    expect(check(documentOf(form, false)).problems).toEqual([])
  })

  it('lets an instrument go that is no longer chosen', () => {
    const form = formOf(documentWith(GOOD))
    form.points[0]!.factors[0]!.instrument = null
    expect((documentOf(form, true).points as { factors: object[] }[])[0]!.factors[0]).not.toHaveProperty('instrument')
  })
})

describe('a point that is chosen', () => {
  it('brings the factors that are measured there, with their instrument and unit', () => {
    const point = pointFormOf(task, 'HJ 75-2017 verification')
    expect([point.id, point.name, point.factors.map(({ factor, unit, instrument }) => [factor, unit, instrument?.instrument_id])]).toEqual([POINT, '1号烟囱', [['a21026', 'mg/m³', 'i1']]])
    expect(instrumentsFor(task, 'a21026').map(({ model }) => model)).toEqual(['U23'])
  })

  it('leaves the kinds of report of its medium', () => {
    expect(new Set(kindsFor('wastewater').map(({ basis }) => basis))).toEqual(new Set(['HJ 355-2019']))
    expect(new Set(kindsFor('flue_gas').map(({ basis }) => basis))).toEqual(new Set(['HJ 75-2017', 'HJ 1286-2023']))
  })
})

it('a sentence stands in the grid of its own factor, without naming the place that one sees', () => {
  const problem = { at: '/points/0/factors/1/pairs/2/measured', code: 'number.comma', sentence: '第 1 个点位第 2 个因子第 3 对数据“仪器值”不能有逗号。' }
  expect(messagesOf([problem], '/points/0/factors/10', false).size).toBe(0)
  expect(messagesOf([problem], '/points/0/factors/1', false)).toEqual(new Map([[2, [{ column: 'measured', wrong: true, sentence: '第 3 对数据“仪器值”不能有逗号。' }]]]))
})
