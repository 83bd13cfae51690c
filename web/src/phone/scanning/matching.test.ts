import { describe, expect, it } from 'vitest'
import { matching, shownAs } from './matching'

const numbered = (...serials: (string | null)[]) => serials.map((serial_number, index) => ({ key: String(index), serial_number }))
const found = (codes: string | string[], ...serials: (string | null)[]) => matching([codes].flat(), numbered(...serials)).map(({ serial_number }) => serial_number)

describe('what a scanned code names', () => {
  it.each([
    ['the number alone', 'SN-1', 'SN-1'],
    ['small letters', 'sn-1 ', 'SN-1'],
    ['full-width forms in the register', 'A12', 'Ａ１２'],
    ['an address of the maker', 'https://maker.example/d?v=2&sn=YQ20231104', 'YQ20231104'],
    ['a label in words', '名称：COD分析仪 编号：YQ2023-1104，上海', 'YQ2023-1104'],
    ['an encoded label', 'https://m.example/?t=%E7%BC%96%E5%8F%B7%20AB/12', 'AB/12'],
    ['signs that mean something in a pattern', 'no. A+1.(2)', 'A+1.(2)'],
    ['what is not an encoding', '100% YQ20231104', 'YQ20231104'],
  ])('%s', (_what, code, serial) => {
    expect(found(code, serial, 'OTHER-9')).toEqual([serial])
  })

  it.each([
    ['another number', 'YQ20231105', 'YQ20231104'],
    ['a part of a longer number', 'A-1234', '1234'],
    ['the beginning of a longer number', '12345', '1234'],
    ['a short number in an address', 'https://maker.example/d?v=12', '12'],
    ['a word without digits', 'https://maker.example/', 'MAKER'],
    ['nothing', '', ''],
  ])('nothing by %s', (_what, code, serial) => {
    expect(found(code, serial, null)).toEqual([])
  })

  it('a short number is believed where it is all that the code says', () => expect(found('12', '12', '1')).toEqual(['12']))
  it('the longer of two numbers, where one is written in the other', () => expect(found('no A/1234', '1234', 'A/1234')).toEqual(['A/1234']))
  it('both where both are written', () => expect(found('host YQ1001 probe YQ1002', 'YQ1001', 'YQ1002', 'YQ1003')).toEqual(['YQ1001', 'YQ1002']))
  it('both of one number', () => expect(found('YQ1001', 'YQ1001', 'yq1001')).toEqual(['YQ1001', 'yq1001']))
  it('the codes of one picture together', () => expect(found(['https://maker.example', 'YQ1001'], 'YQ1001', 'YQ1002')).toEqual(['YQ1001']))
})

it('a long text is cut for the eye', () => {
  expect(shownAs(['a', 'b'])).toBe('a、b')
  expect(shownAs(['x'.repeat(81)])).toBe(`${'x'.repeat(80)}…`)
})
