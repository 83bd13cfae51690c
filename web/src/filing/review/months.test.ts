import { describe, expect, it } from 'vitest'
import { byMonth, onlyOperator } from './months'
import type { ExpiringPaper } from './types'

const paper = (valid_to: string, operator_id = 'a', resource_kind: ExpiringPaper['resource_kind'] = 'person') => ({ paper_id: valid_to + operator_id, valid_to, operator_id, resource_kind }) as ExpiringPaper

describe('papers that end', () => {
  it('stand by month, and in it by day, in the order of the list', () => {
    const months = byMonth([paper('2026-10-31'), paper('2026-12-01'), paper('2026-12-01', 'b'), paper('2026-12-24')])
    expect(months.map(({ title, count, days }) => [title, count, days.map((day) => [day.day, day.papers.length])])).toEqual([
      ['2026 年 10 月', 1, [['2026-10-31', 1]]],
      ['2026 年 12 月', 3, [['2026-12-01', 2], ['2026-12-24', 1]]],
    ])
    expect(byMonth([])).toEqual([])
  })

  it('name people only where the list is of one operator', () => {
    expect(onlyOperator([paper('2026-12-01'), paper('2026-12-02')])).toBe('a')
    expect(onlyOperator([paper('2026-12-01'), paper('2026-12-02', 'b')])).toBeNull()
    expect(onlyOperator([paper('2026-12-01', 'a', 'device')])).toBeNull()
    expect(onlyOperator([])).toBeNull()
  })
})
