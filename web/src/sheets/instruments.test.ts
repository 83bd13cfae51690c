// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { aboutInstruments, durationOf, namedByRegister, stillTaken, takenPaths, type NamedInstrument } from './instruments'
import { served } from './served'

const REGISTER = served()
const COD: NamedInstrument = { id: 'C', factor: 'w01018', name: 'COD分析仪', model: 'CODmax', serial_number: 'SN-7' }
const AMMONIA: NamedInstrument = { id: 'A', factor: 'w21003', name: '氨氮分析仪', model: 'NH3', serial_number: null }
const DUST: NamedInstrument = { id: 'D', factor: 'a34013', name: '颗粒物分析仪', model: 'PM-1', serial_number: 'P9' }
const SO2: NamedInstrument = { id: 'S', factor: 'a21026', name: 'SO2分析仪', model: 'S-5', serial_number: 'S9' }
const ALL = [COD, AMMONIA, DUST, SO2]

/** The same cases as in libs/standards/tests/test_register_fields.py. */
it.each([
  ['standard_check', {}, ['C'], { instrument: 'COD分析仪 CODmax 编号SN-7' }],
  ['standard_check', { instrument: '' }, ['C', 'A'], { instrument: 'COD分析仪 CODmax 编号SN-7；氨氮分析仪 NH3' }],
  ['standard_check', { instrument: '自己写的' }, ['C'], {}],
  ['standard_check', {}, [], {}],
  ['consumables', { model: 'X' }, ['C'], { equipment: 'COD分析仪', serial_number: 'SN-7' }],
  ['calibration', {}, ['D', 'S'], { gas_model: 'S-5', particulate_model: 'PM-1' }],
  ['no such form', {}, ['C'], {}],
])('an empty field of %s about what the instrument is is named by the register', (form, values, instruments, named) => {
  expect(namedByRegister(REGISTER, { form, values, instruments }, ALL)).toEqual(named)
})

describe('the line about the instruments', () => {
  const sheet = { form: 'f', values: {}, instruments: ['A', 'C'], taken: [{ instrument_id: 'C', version: 3, fields: ['model'] }] }

  it('has name, model and serial number, and the version that was used', () => {
    expect(aboutInstruments(sheet, ALL)).toBe('氨氮分析仪 NH3；COD分析仪 CODmax 编号SN-7（登记第 3 版）')
  })

  it('says so where the register does not know one yet', () => {
    expect(aboutInstruments(sheet, [AMMONIA])).toBe('氨氮分析仪 NH3；登记信息暂未取得（登记第 3 版）')
    expect(aboutInstruments({ form: 'f', values: {} }, ALL)).toBe('')
  })
})

describe('what the register gave', () => {
  const taken = [{ instrument_id: 'C', version: 3, fields: ['model', 'rows.0.unit', 'rows.1.unit'] }]
  const before = { model: 'M', rows: [{ unit: 'mg/L' }, { unit: '%' }] }

  it('is known by its path', () => {
    expect([...takenPaths({ taken })]).toEqual(['model', 'rows.0.unit', 'rows.1.unit'])
    expect(takenPaths({ taken: null }).size).toBe(0)
  })

  it('is no longer said of what a correction changed', () => {
    expect(stillTaken(taken, before, { model: 'N', rows: [{ unit: 'mg/L' }, { unit: 'ppm' }] })[0]?.fields).toEqual(['rows.0.unit'])
    expect(stillTaken(taken, before, {})[0]?.fields).toEqual([])
    expect(stillTaken(undefined, before, before)).toEqual([])
  })

  it('is not said of rows of which one was taken out', () => {
    expect(stillTaken(taken, before, { model: 'M', rows: [{ unit: 'mg/L' }] })[0]?.fields).toEqual(['model'])
  })
})

it('says minutes and seconds', () => {
  expect([durationOf(0), durationOf(59), durationOf(60), durationOf(95)]).toEqual(['0 秒', '59 秒', '1 分 0 秒', '1 分 35 秒'])
})
