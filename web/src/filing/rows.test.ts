import { expect, it } from 'vitest'
import { ROOM, widthOf } from '../work/lists/columns'
import { cellOf, columnsOf, headOf, namesById, peopleFound, WIDTHS } from './rows'
import type { ResourceKind, ResourceRow } from './types'
import { KINDS, PAPERS_OF } from './words'

const person = (id: string, post: string, number?: string) => ({ id, kind: 'person', title: post, particulars: { kind: 'person', post, technical_posts: ['maintenance'], joined_on: '2020-01-01', papers: number ? [{ number }] : [] } }) as unknown as ResourceRow
const names = namesById([{ id: '1', name: '王芳' }, { id: '2', name: '陈强' }, { id: '3', erased: true }])
/** The column of what can be done, as its test has it at most. */
const DOING = 110
const rows = [person('1', '工程师', 'YW-7'), person('2', '技术员'), person('3', '司机')]

it('people are found by name, post and certificate, in the order of their names', () => {
  const found = (search: string) => peopleFound(rows, names, search).map(({ id }) => id)
  expect([found('陈'), found('司机'), found('yw-7'), found('没有')]).toEqual([['2'], ['3'], ['1'], []])
  expect(found('').indexOf('2')).toBeLessThan(found('').indexOf('1'))
})

it('a row begins with what people call it', () => {
  const row = (kind: ResourceKind, particulars: object) => headOf({ kind, id: '1', particulars } as unknown as ResourceRow, names)
  expect([row('person', {}), row('vehicle', { plate: '沪A12345' }), row('device', { name: '浊度仪' })]).toEqual(['王芳', '沪A12345', '浊度仪'])
})

it('every column of every kind has a title, and a value says what it means', () => {
  for (const kind of Object.keys(KINDS) as ResourceKind[]) expect(columnsOf(kind).filter(({ key, text }) => key === text)).toEqual([])
  expect(cellOf(rows[0]!, 'technical_posts')).toBe('运维人员')
})

it('all columns of every kind stand in a window of 1280 px', () => {
  for (const kind of Object.keys(KINDS) as ResourceKind[]) {
    const { head, papers, state } = WIDTHS
    const shared = head + state + (PAPERS_OF[kind].length ? papers : 0)
    expect(widthOf(columnsOf(kind)) + shared + DOING, kind).toBeLessThanOrEqual(ROOM)
  }
})
