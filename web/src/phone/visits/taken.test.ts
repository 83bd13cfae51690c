// @vitest-environment node
import { describe, expect, it } from 'vitest'
import type { Values } from '../../sheets'
import type { Sheet } from '../types'
import { AMMONIA, COD, DUST, REGISTER, SO2, begun, form, known, rows } from './registered'
import { takenBySheet, takenFromRegister } from './taken'

describe('what is marked as taken from the register', () => {
  it('is what still says the same', () => {
    const of = form('calibration')
    const values: Values = { ...begun(of, null, SO2), maintainer: '别的单位' }
    rows(values, 'readings')[0]!.unit = '%'
    const taken = takenFromRegister(REGISTER, of, values, known(SO2))
    expect([...taken].sort()).toEqual(['gas_manufacturer', 'gas_model', 'place', 'readings.0.analyser', 'readings.0.factor', 'readings.0.principle'])
    expect(takenFromRegister(undefined, of, values, known(SO2)).size).toBe(0)
  })
})

describe('what is stored as taken from the register', () => {
  const sheet = (values: Values, more: Partial<Sheet> = {}): Sheet => ({ id: 's', visit: 'v', form: 'f', form_version: 1, title: 't', content: 'c', instruments: [], values, used: [], heads: [], state: 'draft', touched_at: '', ...more })

  it('is what each instrument gave, with the version that the phone has of it', () => {
    const of = form('standard_check')
    const ammonia = { ...AMMONIA, version: 7 }
    const values = begun(of, null, COD, ammonia)
    expect(takenBySheet(REGISTER, of, sheet(values), known(COD, ammonia))).toEqual([
      { instrument_id: 'C1', version: 2, fields: ['instrument', 'checks.0.factor'] },
      { instrument_id: 'N1', version: 7, fields: ['instrument', 'checks.1.factor'] },
    ])
    rows(values, 'checks')[0]!.factor = '总磷'
    expect(takenBySheet(REGISTER, of, sheet({ ...values, instrument: '现场铭牌不清' }), known(COD))).toEqual([{ instrument_id: 'C1', version: 2, fields: [] }])
  })

  it('is only of those instruments whose factor a field is for', () => {
    const taken = takenBySheet(REGISTER, form('calibration'), sheet(begun(form('calibration'), null, DUST, SO2)), known(DUST, SO2))
    expect(taken.map(({ fields }) => fields.filter((field) => field.endsWith('_model')))).toEqual([['particulate_model'], ['gas_model']])
  })

  it('is nothing of what a task without versions gave', () => {
    const old = { ...COD, version: undefined as unknown as number }
    expect(takenBySheet(REGISTER, form('standard_check'), sheet(begun(form('standard_check'), null, old)), known(old))).toEqual([])
  })

  it('stays true of an instrument that this phone does not know, as long as the value stands', () => {
    const taken = [{ instrument_id: 'X', version: 4, fields: ['instrument', 'place'] }]
    const adopted = { values: { instrument: 'A', place: 'B' }, taken }
    expect(takenBySheet(REGISTER, form('standard_check'), sheet({ instrument: 'A', place: 'C' }, { instruments: ['X'], adopted }), known())).toEqual([{ instrument_id: 'X', version: 4, fields: ['instrument'] }])
    expect(takenBySheet(REGISTER, form('standard_check'), sheet({ instrument: 'A' }, { instruments: [], adopted }), known())).toEqual([])
  })

  it('is no row of an instrument that this phone does not know and of one that it knows: the server takes a row of one', () => {
    const values = begun(form('standard_check'), null, COD)
    const fields = ['instrument', 'checks.0.factor']
    const adopted = { values, taken: [{ instrument_id: 'X', version: 4, fields }] }
    expect(takenBySheet(REGISTER, form('standard_check'), sheet(values, { instruments: ['X', 'C1'], adopted }), known(COD))).toEqual([
      { instrument_id: 'C1', version: 2, fields },
      { instrument_id: 'X', version: 4, fields: ['instrument'] },
    ])
  })
})
