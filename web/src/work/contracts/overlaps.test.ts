import { describe, expect, it } from 'vitest'
import { overlapsAt, type Overlap } from './overlaps'

const point = (id: string) => ({ id, name: id, code: id, medium: null, voided: false })
const overlap = (id: string, ...points: string[]): Overlap => ({ id, number: id, operator_name: '甲', first_day: '2026-01-01', last_day: '2026-12-31', contents: [], points: points.map(point) })

describe('overlapping contracts in the dialog of a confirmation', () => {
  it('are those at the points that are chosen, with these points only', () => {
    const found = overlapsAt([overlap('a', '1', '2'), overlap('b', '3')], ['2', '4'])
    expect(found.map(({ id, points }) => [id, points.map((each) => each.id)])).toEqual([['a', ['2']]])
  })

  it('are none while nothing is chosen', () => {
    expect(overlapsAt([overlap('a', '1')], [])).toEqual([])
  })
})
