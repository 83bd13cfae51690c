// @vitest-environment node
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Form } from './index'
import { carryOver, check, emptyRow, emptyValues, fieldsOf, filled, halfWidth, labels } from './index'

const read = (name: string) => JSON.parse(readFileSync(new URL(`../../../libs/standards/src/qingyuan_standards/forms/${name}.json`, import.meta.url), 'utf8')) as Form
const calibration = read('calibration.v1')

describe('what a page shows of a form', () => {
  it('labels fields, columns and computed values by the names the layout uses', () => {
    const all = labels(calibration)
    expect(all.started_at).toBe('校准开始时间')
    expect(all['readings.zero_before']).toBe('零点：校前测试值')
    expect(all['readings.zero_drift']).toBe('零点漂移')
    for (const block of calibration.layout) {
      const names = 'table' in block ? block.columns.map((column) => `${block.table}.${column}`) : block.fields
      for (const name of names) expect(all[name], name).toBeTruthy()
    }
  })

  it('says what kind each field is', () => {
    const fields = fieldsOf(calibration)
    const kinds = ['system', 'last_on', 'started_at', 'readings', 'readings.range', 'readings.remark', 'place', 'days_since_last'].map((name) => fields[name]!.kind)
    expect(kinds).toEqual(['choice', 'day', 'time', 'table', 'number', 'words', 'text', 'computed'])
    expect(fields['readings.range']!.required).toBe(true)
    expect(fields['readings.zero_drift']!.unit).toBe('% F.S.')
    expect(fields.system!.choices).toContain('直接测量法')
  })

  it('starts blank, with a row where there must be one', () => {
    const start = emptyValues(calibration)
    expect(start.place).toBe('')
    expect(start.readings).toEqual([emptyRow(calibration, 'readings')])
    expect(filled(start)).toEqual({})
  })

  it('asks a blank sheet for what is required and finds nothing else', () => {
    const checked = check(calibration, emptyValues(calibration))
    expect(new Set(checked.problems.map((one) => one.rule))).toEqual(new Set(['required']))
    expect(checked.computed).toEqual({})
    expect(checked.findings).toEqual([])
  })

  it('leaves the form as it was, though the validator marks schemas', () => {
    const frozen = JSON.stringify(calibration)
    check(calibration, {})
    expect(JSON.stringify(calibration)).toBe(frozen)
  })

  it('knows the same numbers by other keys', () => {
    expect(halfWidth('－１２。５')).toBe('-12.5')
    expect(halfWidth(' ３００．０ ')).toBe('300.0')
    expect(halfWidth('甲')).toBe('甲')
  })
})

describe('what is taken over from the last sheet', () => {
  const last = {
    system: '完全抽取法', place: '1 号排口', started_at: '2026-11-17T09:00', ended_at: '2026-11-17T10:00',
    readings: [{ factor: 'SO2', range: '300', unit: 'mg/m³', zero_before: '1.2', zero_after: '0.1', span_after: '239.8' }, { factor: 'NOx', range: '200' }],
  }
  const start = carryOver(calibration, last)

  it('is what the form names, and no reading', () => {
    const rows = start.readings as Record<string, string>[]
    expect(start.place).toBe('1 号排口')
    expect(rows.map((row) => row.factor)).toEqual(['SO2', 'NOx'])
    expect(rows[0]).toMatchObject({ range: '300', zero_before: '', zero_after: '' })
    expect(start.ended_at).toBe('')
  })

  it('begins where the last one ended', () => {
    expect(start.last_on).toBe('2026-11-17')
    expect((start.readings as Record<string, string>[])[0]).toMatchObject({ zero_after_last: '0.1', span_after_last: '239.8' })
  })

  it('is nothing where there was none, and never fails on what an older form left', () => {
    expect(carryOver(calibration, null)).toEqual(emptyValues(calibration))
    expect(carryOver(calibration, { readings: [null, 'x'], system: 3 })).toMatchObject({ system: '' })
  })
})
