import { expect, it } from 'vitest'
import { isDrawn } from './drawing'

const line = (...places: [number, number][]) => ({ points: places.map(([x, y]) => ({ x, y })) })

it('a slip of the finger is no name, several strokes together are one', () => {
  expect(isDrawn([])).toBe(false)
  expect(isDrawn([line([5, 5]), line([1, 1], [10, 1])])).toBe(false)
  expect(isDrawn([line([0, 0], [9, 24], [18, 24])])).toBe(true)
  expect(isDrawn([line([0, 0], [18, 24])])).toBe(false)
  expect(isDrawn([line([0, 0], [15, 0]), line([9, 9], [9, 24])])).toBe(true)
})

it('a finger that trembles on one spot draws no name', () => {
  expect(isDrawn([line(...Array.from({ length: 60 }, (_, at): [number, number] => [at % 2, at % 3]))])).toBe(false)
})
