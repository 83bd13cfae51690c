import { describe, expect, it } from 'vitest'
import { ROOM, widthOf } from '../../work/lists/columns'
import type { FilingRow } from '../types'
import { filingColumns, PASSING_WIDTH } from './columns'
import { AT_ONCE_MOST, chosenOf, whyNot, withoutPassed } from './passing'
import type { PassedFiling } from './types'

const row = (operator_id: string, changed: Partial<FilingRow> = {}) => ({ operator_id, state: 'first_review', version: 5, number: 1, opened_by: ['me'], by_itself: [], ...changed }) as unknown as FilingRow
const ids = (rows: FilingRow[]) => rows.map(({ operator_id }) => operator_id)

describe('what may be passed together with others', () => {
  it('is what this reviewer has opened', () => {
    expect([whyNot(row('1'), 'me'), whyNot(row('1', { opened_by: [] }), 'me'), whyNot(row('1', { opened_by: ['she'] }), 'me')]).toEqual(['', '请先打开查看', '请先打开查看'])
  })

  it('is nothing that was returned before, or of which contracts say something else', () => {
    expect([whyNot(row('1', { by_itself: ['returned', 'contracts'] }), 'me'), whyNot(row('1', { by_itself: ['contracts'], opened_by: [] }), 'me')]).toEqual(['退回过，须单独审核', '申报与合同不符，须单独审核'])
  })

  it('waits for one and the same review', () => {
    const rows = [row('1'), row('2', { state: 'second_review' }), row('3'), row('4', { opened_by: [] })]
    expect(ids(chosenOf(rows, new Set(['1', '2', '3', '4', 'gone']), 'me'))).toEqual(['1', '3'])
    expect(ids(chosenOf(rows, new Set(['2']), 'me'))).toEqual(['2'])
  })

  it('is no more than one request takes', () => {
    const rows = Array.from({ length: AT_ONCE_MOST + 1 }, (_, at) => row(String(at)))
    expect(chosenOf(rows, new Set(ids(rows)), 'me').length).toBe(AT_ONCE_MOST)
  })
})

it('what has passed is not shown as waiting by a view that has not heard of it', () => {
  const passed = [{ operator_id: '1', version: 6 }] as PassedFiling[]
  expect(ids(withoutPassed([row('1'), row('2')], passed))).toEqual(['2'])
  expect(ids(withoutPassed([row('1', { version: 6 })], passed))).toEqual(['1'])
})

it('what waits stands in a window of 1280 px with the boxes', () => {
  const shown = filingColumns.filter(({ key }) => key !== 'uscc' && key !== 'filed')
  expect(widthOf(shown) + 50 + PASSING_WIDTH + 56).toBeLessThanOrEqual(ROOM)
})
