import { describe, expect, it } from 'vitest'
import type { Cycle } from '../../api/types'
import { cycleBlocks, dayKind, lanes, otherContract, type Block } from './calendar'
import { plusDays, weeksOf } from '../dates'

const WEEK = weeksOf('2026-11-24')[4] as string[] // 2026-11-23 … 2026-11-29
const block = (key: string, opens: string, closes: string, state: Block['state'] = 'open'): Block => ({ key, content: 'patrol', opens, closes, state, number: 1 })

describe('the windows of a week', () => {
  it('are cut to the week and say whether they begin or end in it', () => {
    const [bar] = lanes([block('long', '2026-11-01', '2026-12-31')], WEEK)
    expect(bar).toMatchObject({ column: 0, span: 7, starts: false, ends: false })
    expect(lanes([block('two', '2026-11-25', '2026-11-26')], WEEK)[0]).toMatchObject({ column: 2, span: 2, starts: true, ends: true })
  })

  it('leave out what does not touch it', () => {
    expect(lanes([block('before', '2026-11-01', '2026-11-22'), block('after', '2026-11-30', '2026-12-06')], WEEK)).toEqual([])
  })

  it('never cover each other, whatever their order', () => {
    const many = Array.from({ length: 40 }, (_, at) => block(`${at}`, plusDays('2026-11-20', at % 11), plusDays('2026-11-20', (at % 11) + (at % 5)), at % 7 ? 'open' : 'done'))
    const bars = lanes(many, WEEK)
    for (const one of bars) {
      for (const other of bars) {
        const apart = one === other || one.lane !== other.lane || one.column + one.span <= other.column || other.column + other.span <= one.column
        expect(apart, `${one.block.key} over ${other.block.key}`).toBe(true)
      }
    }
  })

  it('show what was missed on top', () => {
    const bars = lanes([block('done', '2026-11-23', '2026-11-29', 'done'), block('missed', '2026-11-25', '2026-11-25', 'missed')], WEEK)
    expect(bars.find((bar) => bar.block.key === 'missed')?.lane).toBe(0)
    expect(bars.find((bar) => bar.block.key === 'done')?.lane).toBe(1)
  })
})

describe('a day', () => {
  const calendar = { version: '1', holidays: { '2026-10-01': '国庆节' }, workdays: ['2026-10-10'] }

  it('is off on holidays and weekends, but not where a weekend is worked', () => {
    expect(dayKind('2026-10-01', calendar)).toEqual({ name: '国庆节', off: true, makeUp: false })
    expect(dayKind('2026-10-11', calendar)).toMatchObject({ off: true })
    expect(dayKind('2026-10-10', calendar)).toEqual({ name: null, off: false, makeUp: true })
    expect(dayKind('2026-10-12', null)).toMatchObject({ off: false })
  })
})

describe('the windows of an operator', () => {
  const cycle = (enterprise_id: string) => ({ enterprise_id, enterprise_name: enterprise_id, point_name: '总排口' }) as Cycle
  const places = (...ids: string[]) => cycleBlocks(ids.map(cycle)).map((shown) => shown.place)

  it('name the enterprise only where there are several', () => {
    expect(places('清泉', '清泉')).toEqual(['总排口', '总排口'])
    expect(places('清泉', '青溪')).toEqual(['总排口（清泉）', '总排口（青溪）'])
  })
})

describe('a window in the calendar', () => {
  const none = { under: null, by_others: null }
  const others = { visit_id: 'v', day: '2026-11-04', operator_name: '他人运维', contract: { id: 'c', number: 'HT-9' } }

  it('says under which other contract it was done, or who else did it, as the list does', () => {
    expect(otherContract({ ...none, under: { id: 'c', number: 'HT-2' } })).toBe('按另一份合同完成：HT-2')
    expect(otherContract({ ...none, by_others: others })).toBe('另有他人运维 2026-11-04 的运维（合同 HT-9），不计入本计划')
    expect(otherContract({ ...none, by_others: { ...others, operator_name: '', contract: null } })).toBe('另有其他运维机构 2026-11-04 的运维，不计入本计划')
    expect(cycleBlocks([{ ...none, under: { id: 'c', number: 'HT-2' } } as Cycle, none as Cycle]).map(({ other }) => other)).toEqual(['按另一份合同完成：HT-2', ''])
  })
})
