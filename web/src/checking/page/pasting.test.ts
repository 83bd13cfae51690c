import { describe, expect, it } from 'vitest'
import { emptyRow, type Column, type PairRow } from './pairs'
import { cellsOf, isTable, paste } from './pasting'

const COLUMNS: Column[] = ['reference', 'measured']
const put = (text: string, at = { row: 0, column: 'reference' as Column }, rows: PairRow[] = []) => paste(rows, COLUMNS, at, text, 200)
const values = (rows: PairRow[] | null) => rows?.map(({ reference, measured }) => [reference, measured])

describe('what is pasted', () => {
  it('is a table where it is more than one cell', () => {
    expect(isTable('812')).toBe(false)
    expect(isTable('812\r\n')).toBe(false)
    expect(isTable('812\t770')).toBe(true)
    expect(isTable('812\n798')).toBe(true)
  })

  it('has lines by any end of line, and none at the end', () => {
    expect(cellsOf('812\t770\r\n798\t762\r\n\r\n')).toEqual([['812', '770'], ['798', '762']])
    expect(cellsOf('1\n\n2')).toEqual([['1'], [''], ['2']])
    expect(cellsOf('1\r2')).toEqual([['1'], ['2']])
  })

  it('goes in as it is, whatever stands in a cell: the check says what is wrong with it', () => {
    const { rows, sentence } = put('812\t770 mg\n\t\n８０５\t771,5\n')
    expect(values(rows)).toEqual([['812', '770 mg'], ['', ''], ['８０５', '771,5']])
    expect(sentence).toBe('已填入 3 行。')
  })

  it('begins at its cell and leaves the rest', () => {
    const before = [{ ...emptyRow(), reference: '1', measured: '2' }, { ...emptyRow(), reference: '3' }]
    expect(values(put('9\n8', { row: 1, column: 'measured' }, before).rows)).toEqual([['1', '2'], ['3', '9'], ['', '8']])
  })

  it('goes in whole or not at all: 5,000 rows are a sentence', () => {
    const many = put(Array.from({ length: 5000 }, () => '1\t2').join('\n'))
    expect(many.rows).toBeNull()
    expect(many.sentence).toContain('粘贴了 5000 行，从第 1 行起最多还能填 200 行')
    expect(put(Array.from({ length: 200 }, () => '1\t2').join('\n')).rows).toHaveLength(200)
    expect(put('1\n2', { row: 199, column: 'measured' }).rows).toBeNull()
  })

  it('has no more columns than there is room for', () => {
    const wide = put('812\t770\t5.1')
    expect(wide.rows).toBeNull()
    expect(wide.sentence).toContain('粘贴的内容有 3 列，从“参比值”起只有 2 列')
    expect(put('1\t2', { row: 0, column: 'measured' }).rows).toBeNull()
  })

  it('loses a heading and a numbering, and says so', () => {
    const { rows, sentence } = put('序号\t参比\tCEMS\n1\t812\t770\n2\t798\t762')
    expect(values(rows)).toEqual([['812', '770'], ['798', '762']])
    expect(sentence).toBe('已填入 2 行；第一行是表头，没有填入；第一列是序号，没有填入。')
    expect(values(put('1\t812\n2\t798').rows), 'two columns are two values').toEqual([['1', '812'], ['2', '798']])
    expect(values(put('五\t770\n六\t762').rows), 'a line of words above words is no heading').toEqual([['五', '770'], ['六', '762']])
  })
})
