import { describe, expect, it } from 'vitest'
import { crewOf, cyclesOf, draftOf, follow, itemOf, newItem, planOf, problemsOf, reasonMissing, type PlanForm } from './draft'

const form = (): PlanForm => ({
  name: ' 十二月 ', points: ['p'], period: ['2026-12-01', '2026-12-31'], assignees: [{ account: 'a', certificate_to: '' }], devices: [], items: [{ ...newItem(), content: 'patrol' }], gapsReason: '',
})

describe('a plan that is typed', () => {
  it('is sent without blanks', () => {
    expect(planOf(form(), 'c')).toMatchObject({ contract_id: 'c', name: '十二月', first_day: '2026-12-01', last_day: '2026-12-31', assignees: [{ account: 'a', certificate_to: null }] })
  })

  it('names every field that is missing', () => {
    const empty: PlanForm = { name: '', points: [], period: null, assignees: [], devices: [{ name: '秤', serial_number: '' }], items: [newItem()], gapsReason: '' }
    expect(Object.keys(problemsOf(empty)).sort()).toEqual(['assignees', 'devices.0', 'items.0', 'name', 'period', 'points'])
    expect(problemsOf(form())).toEqual({})
  })

  it('refuses a gap that is no whole number of days', () => {
    const odd = form()
    odd.items[0]!.gap = 1.5
    expect(problemsOf(odd)).toHaveProperty('items.0')
  })

  it('takes over the figure of the rule it follows, and lets go of it', () => {
    const item = newItem()
    follow(item, { rule_id: 'WF-WEEK', content: 'patrol', medium: 'wastewater', days_max: 7, source: 's', confidence: 'OFFICIAL', principle: null, about: '', valid_from: '2020-01-01', valid_to: null })
    expect(itemOf(item)).toMatchObject({ gap_days_max: 7, basis: 'WF-WEEK' })
    follow(item, undefined)
    expect(itemOf(item).basis).toBeNull()
  })

  it('brings the cycles of its items at each of its points', () => {
    const items = [{ windows: [1, 2, 3] }, { windows: [1] }]
    expect([cyclesOf(items, 1), cyclesOf(items, 3)]).toEqual(['共 4 个周期', '每个测点 4 个周期，3 个测点共 12 个'])
  })

  it('reads back what it wrote', () => {
    const item = { ...newItem(), content: 'calibration', frequency: 'own' as const, own: { unit: 'WEEKLY' as const, interval: 2 }, gap: 14 }
    expect(itemOf(draftOf(itemOf(item)))).toEqual(itemOf(item))
  })

  it('asks for a reason where papers leave gaps, and only there', () => {
    expect([reasonMissing(form(), []), reasonMissing(form(), ['gap'])]).toEqual([false, true])
    expect([reasonMissing({ ...form(), gapsReason: '  ' }, ['gap']), reasonMissing({ ...form(), gapsReason: '已报名' }, ['gap'])]).toEqual([true, false])
  })

  it('sends of a recorded crew only what is typed', () => {
    const recorded = { assignees: [{ account: 'a', certificate_to: '2027-01-01', resource_id: 'r' }], devices: [{ name: '秤', serial_number: '1', resource_id: 'd' }] }
    expect(crewOf(recorded)).toEqual({ assignees: [{ account: 'a', certificate_to: '2027-01-01' }], devices: [{ name: '秤', serial_number: '1', calibrated_to: null }] })
  })
})
