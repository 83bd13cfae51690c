import { describe, expect, it } from 'vitest'
import { cellAt, columnsOf, emptyRow, onThisPage, pairOf, settled, timeOf, timesOf, withRoom } from './pairs'

const COLUMNS = columnsOf(false)
const row = (reference: string, measured: string) => ({ ...emptyRow(), reference, measured })

describe('the rows of the grid', () => {
  it('count up to the last that is filled; one that is being typed does not', () => {
    expect(settled([row('1', '2'), row('', ''), row('3', '4'), row('', '')], COLUMNS)).toEqual({ count: 3, typing: false })
    expect(settled([row('1', '2'), row('3', '')], COLUMNS)).toEqual({ count: 1, typing: true })
    expect(settled([row('1', '2'), row('', ''), row('3', '')], COLUMNS), 'nor the empty ones above it').toEqual({ count: 1, typing: true })
    expect(settled([row('1', ''), row('3', '4')], COLUMNS), 'a half above others is a mistake, not somebody typing').toEqual({ count: 2, typing: false })
    expect(settled([row(' ', '\u3000')], COLUMNS)).toEqual({ count: 0, typing: false })
  })

  it('have room for one more, and no more than there may be', () => {
    expect(withRoom([row('1', '2')], COLUMNS, 1, 200)).toHaveLength(2)
    const full = [row('1', '2'), row('3', '4')]
    expect(withRoom(full, COLUMNS, 1, 2)).toBe(full)
  })

  it('become pairs with what was typed', () => {
    expect(pairOf(row('８１２', '770 mg'), false)).toEqual({ reference: '８１２', measured: '770 mg' })
    expect(pairOf({ ...emptyRow(), first: '1', second: '', measured: '2', substitute: true }, true)).toEqual({ parallels: ['1', ''], measured: '2', substitute: true })
    expect(pairOf({ ...row('9', '2') }, true), 'what stands in the other columns is not taken').toEqual({ measured: '2' })
  })

  it('have times as spreadsheets write them; a time alone is no pair', () => {
    expect(['09:30', '9:30:00', '2026/11/3 9:30', '2026-11-03T09:30', '2026年11月3日 09:30'].map((text) => timeOf(text, '2026-11-03'))).toEqual(Array.from({ length: 5 }, () => '2026-11-03T09:30'))
    expect([timeOf('九点', '2026-11-03'), timeOf('09:30', '')], 'what cannot be read is told as it was typed').toEqual(['九点', '09:30'])
    expect(timesOf({ ...row('1', '2'), from: '9:30' }, '2026-11-03')).toEqual({ from: '2026-11-03T09:30' })
    expect(settled([{ ...row('1', '2'), from: '9:30' }, { ...emptyRow(), from: '9:40' }], columnsOf(false, true))).toEqual({ count: 1, typing: false })
    expect(cellAt('/points/0/factors/0/pairs/3/to', true)).toEqual({ row: 3, column: 'to' })
  })

  it('are found by a pointer', () => {
    expect(cellAt('/points/0/factors/0/pairs/12/measured', false)).toEqual({ row: 12, column: 'measured' })
    expect(cellAt('/points/0/factors/0/pairs/3/parallels/1', true)).toEqual({ row: 3, column: 'second' })
    expect(cellAt('/points/0/factors/0/pairs/3/reference', true)).toEqual({ row: 3, column: 'first' })
    expect(cellAt('/points/0/factors/0/pairs/3', false)).toEqual({ row: 3, column: null })
    expect(cellAt('/points/0/factors/0/emission_limit', false)).toBeNull()
  })

  it('are spoken of without the one point and the one factor', () => {
    expect(onThisPage('第 1 个点位第 1 个因子第 3 对数据“仪器测定值”为 -3，不能小于 0。')).toBe('第 3 对数据“仪器测定值”为 -3，不能小于 0。')
    expect(onThisPage('第 1 个点位第 1 个因子的参比值与仪器值相差 100 倍以上')).toBe('参比值与仪器值相差 100 倍以上')
  })
})
