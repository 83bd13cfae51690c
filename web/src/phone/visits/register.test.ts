// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { check, emptyValues } from '../../sheets'
import { newRow } from '../../sheets'
import { chosenAtStart, filledFromRegister, offered, rowsBegun } from './register'
import { AMMONIA, COD, DUST, FLOW, REGISTER, SAMPLER, SO2, analyser, begun, fill, form, known, rows } from './registered'

describe('instruments of a form', () => {
  it('are those of its kind and factors, and all where the register has none of these', () => {
    const all = [COD, FLOW, SAMPLER]
    expect(offered(REGISTER, form('flow_comparison'), all)).toEqual([FLOW])
    expect(offered(REGISTER, form('standard_check'), all)).toEqual([COD])
    expect(offered(REGISTER, form('patrol_wastewater'), all)).toEqual(all)
    expect(offered(REGISTER, form('flow_comparison'), [COD, SAMPLER])).toEqual([COD, SAMPLER])
    expect(offered(undefined, form('flow_comparison'), all)).toEqual(all)
  })

  it('that were chosen stay to be seen, whatever they are', () => {
    expect(offered(REGISTER, form('flow_comparison'), [COD, FLOW], ['C1'])).toEqual([COD, FLOW])
  })

  it('are chosen without a person only where one alone fits', () => {
    expect(chosenAtStart(REGISTER, form('flow_comparison'), [COD, FLOW, SAMPLER])).toEqual(['F1'])
    expect(chosenAtStart(REGISTER, form('comparison'), [COD, AMMONIA, FLOW])).toEqual([])
  })
})

describe('a field', () => {
  it('is filled from the instrument, the point, the contract and the visit', () => {
    expect(begun(form('verification'), null, SO2)).toMatchObject({
      factor: 'SO2', unit: 'mg/m³', instrument: 'SO2分析仪', model: '型号a21026', manufacturer: '源测', principle: '光度法', place: '污水总测点', maintainer: '绿测运维', verified_on: '2026-11-24',
    })
    expect(begun(form('consumables'), null, COD)).toMatchObject({ equipment: 'COD分析仪', model: '型号w01018', serial_number: 'C1' })
    expect(begun(form('repair'), null)).toMatchObject({ system: '水污染源在线监测系统', arrived_at: '2026-11-24T09:05' })
  })

  it('is left to the person where it does not offer what the register has', () => {
    expect(begun(form('comparison'), null, { ...COD, unit: 'g/L' }).unit).toBe('')
  })

  it('says 其他 where no choice names the factor', () => {
    expect(rows(begun(form('standard_check'), null, analyser('w20111', 'H1')), 'checks')).toMatchObject([{ factor: '其他' }])
    expect(begun(form('comparison'), null, analyser('w20111', 'H1'))).toMatchObject({ factor: '', instrument: '总汞分析仪 型号w20111 编号H1' })
  })

  it('keeps what a person typed', () => {
    const typed = { ...emptyValues(form('comparison')), instrument: '我写的' }
    expect(fill(form('comparison'), typed, [], [COD])).toMatchObject({ instrument: '我写的', factor: 'COD' })
    expect(fill(form('comparison'), typed, [COD], [AMMONIA])).toMatchObject({ instrument: '我写的', factor: '氨氮' })
  })

  it('follows another instrument, also where the last sheet said something else', () => {
    const of = form('comparison')
    const last = { factor: 'COD', unit: 'mg/L', instrument: '旧COD仪', method: '快速法', compared_on: '2026-10-20' }
    const first = begun(of, last)
    expect(first).toMatchObject({ factor: 'COD', instrument: '旧COD仪', last_on: '2026-10-20' })
    const ammonia = fill(of, first, [], [AMMONIA], last)
    expect(ammonia).toMatchObject({ factor: '氨氮', instrument: '氨氮分析仪 型号w21003 编号N1', method: '快速法' })
    expect(fill(of, ammonia, [AMMONIA], [COD], last)).toMatchObject({ factor: 'COD', instrument: 'COD分析仪 型号w01018 编号C1' })
    expect(fill(of, ammonia, [AMMONIA], [], last)).toMatchObject({ factor: '', instrument: '' })
  })

  it('does not stay from a last sheet about another factor, even where the register knows nothing', () => {
    const of = form('verification')
    const last = { factor: 'SO2', manufacturer: '甲厂', principle: '紫外', basis: 'HJ 75' }
    const [nothing, dust] = [{ manufacturer: null, method: null }, analyser('a34013', 'D1', { manufacturer: null, method: null })]
    expect(begun(of, last, dust)).toMatchObject({ factor: '颗粒物', manufacturer: '', principle: '', basis: 'HJ 75' })
    expect(begun(of, last, { ...SO2, ...nothing })).toMatchObject({ factor: 'SO2', manufacturer: '甲厂', principle: '紫外' })
  })

  it('is written only where it changes: another window may have the sheet open', () => {
    const of = form('comparison')
    const values = begun(of, null, COD)
    const asked = { values, carried: emptyValues(of), before: known(COD) }
    expect(filledFromRegister(REGISTER, of, { ...asked, after: known(COD) })).toEqual({})
    expect(Object.keys(filledFromRegister(REGISTER, of, { ...asked, after: known(AMMONIA) }))).toEqual(['factor', 'instrument'])
  })

  it('keeps the place of the last sheet, which may say it better than the register', () => {
    expect(begun(form('patrol_wastewater'), { place: '二楼站房' }, COD).place).toBe('二楼站房')
  })

  it('is only of the instruments that measure what it is about, and names several', () => {
    const values = begun(form('calibration'), null, SO2, DUST)
    expect(values).toMatchObject({ gas_model: '型号a21026', particulate_model: '型号a34013' })
    expect(begun(form('patrol_wastewater'), null, COD, AMMONIA, COD).model).toBe('型号w01018；型号w21003')
  })

  it('is never longer than the form allows', () => {
    const many = Array.from({ length: 12 }, (_, at) => analyser('w01018', `很长的出厂编号${at}`))
    const { instrument } = begun(form('standard_check'), null, ...many)
    expect(String(instrument)).toMatch(/ 等 12 台$/)
    expect(check(form('standard_check'), { instrument }).problems.map((one) => one.field)).not.toContain('instrument')
  })
})

describe('a table', () => {
  const of = form('calibration')
  const last = { readings: [{ factor: '颗粒物', range: '50', span_after: '40' }, { factor: 'SO2', analyser: '旧分析仪', range: '100', span_after: '99' }] }

  it('has a row for each chosen instrument', () => {
    expect(rows(begun(of, null, SO2, DUST), 'readings')).toMatchObject([
      { factor: 'SO2', analyser: 'SO2分析仪 型号a21026 编号S1', unit: 'mg/m³', zero_before: '' },
      { factor: '颗粒物', analyser: '颗粒物分析仪 型号a34013 编号D1' },
    ])
  })

  it('finds the row of the last sheet by the factor', () => {
    expect(rows(begun(of, last, SO2), 'readings')).toMatchObject([
      { factor: '颗粒物', range: '50', analyser: '' },
      { factor: 'SO2', range: '100', span_after_last: '99', analyser: 'SO2分析仪 型号a21026 编号S1' },
    ])
  })

  it('keeps two instruments of one factor apart', () => {
    const second = { ...SO2, id: 'S2', serial_number: 'S2' }
    const both = begun(of, null, SO2, second)
    expect(rows(both, 'readings').map((row) => row.analyser?.slice(-2))).toEqual(['S1', 'S2'])
    expect(rows(fill(of, both, [SO2, second], [second]), 'readings').map((row) => row.analyser?.slice(-2))).toEqual(['S2'])
  })

  it('never gives what was measured at one instrument to another of the same factor', () => {
    const second = { ...SO2, id: 'S2', serial_number: 'S2' }
    const both = begun(of, null, SO2, second)
    Object.assign(rows(both, 'readings')[0]!, { zero_before: '0.3' })
    Object.assign(rows(both, 'readings')[1]!, { unit: '%' })
    const left = rows(fill(of, both, [SO2, second], [second]), 'readings')
    expect(left.map((row) => [row.analyser?.slice(-2), row.zero_before, row.unit])).toEqual([['S1', '0.3', 'mg/m³'], ['S2', '', '%']])
  })

  it('has two rows for two instruments that it cannot tell apart, and one less without one of them', () => {
    const check = form('standard_check')
    const second = { ...COD, id: 'C2', serial_number: 'C2' }
    const both = begun(check, null, COD, second)
    expect(rows(both, 'checks').map((row) => row.factor)).toEqual(['COD', 'COD'])
    expect(rows(fill(check, both, [COD, second], [second]), 'checks')).toHaveLength(1)
  })

  it('lets a row go with its instrument, but not with what a person measured', () => {
    const both = begun(of, null, SO2, DUST)
    expect(rows(fill(of, both, [SO2, DUST], [DUST]), 'readings')).toHaveLength(1)
    rows(both, 'readings')[0]!.zero_before = '0.3'
    expect(rows(fill(of, both, [SO2, DUST], [DUST]), 'readings').map((row) => row.zero_before)).toEqual(['0.3', ''])
    expect(rows(fill(of, begun(of, null, SO2), [SO2], []), 'readings')).toEqual(rows(emptyValues(of), 'readings'))
  })

  it('does not bring back a row that a person deleted', () => {
    const values = { ...begun(of, null, SO2, DUST), readings: rows(begun(of, null, DUST), 'readings') }
    const oxygen = analyser('a19001', 'O1', { unit: '%' })
    expect(rows(fill(of, values, [SO2, DUST], [SO2, DUST, oxygen]), 'readings').map((row) => row.factor)).toEqual(['颗粒物', 'O2'])
  })

  it('takes no instrument that its factor does not fit', () => {
    expect(rows(begun(form('standard_check'), null, SAMPLER), 'checks')).toEqual([])
  })
})

describe('a row of a table', () => {
  const consumables = form('consumables')
  const parameters = form('parameter_change')

  it('starts with the day or the time of the visit', () => {
    expect(newRow(REGISTER, consumables, 'items', known())).toEqual({ replaced_on: '2026-11-24' })
    expect(newRow(REGISTER, parameters, 'changes', known())).toEqual({ changed_at: '2026-11-24T09:05' })
    expect(newRow(REGISTER, parameters, 'changes', { ...known(), arrived_at: null })).toEqual({})
    expect(newRow(REGISTER, form('standard_check'), 'checks', known())).toEqual({})
    expect(newRow(undefined, consumables, 'items', known())).toEqual({})
  })

  it('that stands there at the start gets it where it is blank, and keeps what a person wrote', () => {
    const values = { items: [{ replaced_on: '', name: '泵管' }, { replaced_on: '2026-11-20', name: '滤芯' }] }
    expect(rowsBegun(REGISTER, consumables, values, known())).toEqual({ items: [{ replaced_on: '2026-11-24', name: '泵管' }, { replaced_on: '2026-11-20', name: '滤芯' }] })
    expect(rowsBegun(REGISTER, consumables, { items: [{ replaced_on: '2026-11-20' }] }, known())).toEqual({})
  })

  it('that holds nothing but the time of the visit is the one that an instrument is written into', () => {
    const blank = begun(parameters, null)
    const started = { ...blank, ...rowsBegun(REGISTER, parameters, blank, known()) }
    expect(rows(started, 'changes')).toHaveLength(1)
    expect(rows(fill(parameters, started, [], [COD]), 'changes')).toMatchObject([{ changed_at: '2026-11-24T09:05', instrument: 'COD分析仪 型号w01018 编号C1' }])
  })

  it('of an instrument goes with it, although the time of the visit stands in it', () => {
    const with_cod = begun(parameters, null, COD)
    const started = { ...with_cod, ...rowsBegun(REGISTER, parameters, with_cod, known(COD)) }
    expect(rows(started, 'changes')[0]).toMatchObject({ changed_at: '2026-11-24T09:05' })
    expect(rows(fill(parameters, started, [COD], [AMMONIA]), 'changes').map((row) => row.instrument)).toEqual(['氨氮分析仪 型号w21003 编号N1'])
  })
})
