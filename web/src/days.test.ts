import { expect, it } from 'vitest'
import { deadline } from './days'

/** The same examples as libs/standards/tests/test_days.py. */
it.each([
  ['2026-11-24T16:00:00Z', '2026-11-24 24:00'],
  ['2026-12-31T16:00:00Z', '2026-12-31 24:00'],
  ['2026-11-24T15:59:00Z', '2026-11-24 23:59'],
])('a day that ends at midnight ends at 24:00 of that day: %s', (iso, said) => {
  expect(deadline(iso)).toBe(said)
})
