import { describe, expect, it } from 'vitest'
import type { Content, Interval, Medium } from '../../api/types'
import { applicable, mildest, everyOf, FREQUENCIES, frequencyOf, plannable, ruleOf, unfit, wordOf } from './frequency'

describe('a frequency', () => {
  it.each(FREQUENCIES)('$text is its rule and the rule is it', ({ value, rule, text }) => {
    expect(frequencyOf(rule)).toBe(value)
    expect(wordOf(rule)).toBe(text)
  })

  it('is recognised however its rule is written', () => {
    expect(frequencyOf('RRULE:INTERVAL=15;FREQ=DAILY')).toBe('fifteen')
    expect(frequencyOf('FREQ=WEEKLY;INTERVAL=1')).toBe('weekly')
  })

  it('is somebody’s own where no choice stands for it, and says so in words', () => {
    expect(frequencyOf('FREQ=WEEKLY;INTERVAL=2')).toBe('own')
    expect(wordOf('FREQ=WEEKLY;INTERVAL=2')).toBe('每 2 周')
    expect(wordOf('FREQ=MONTHLY;INTERVAL=2')).toBe('每 2 个月')
  })

  it('never says less than the rule does', () => {
    expect(everyOf('FREQ=WEEKLY;BYDAY=MO,TH')).toBeNull()
    expect(wordOf('FREQ=WEEKLY;BYDAY=MO,TH')).toBe('FREQ=WEEKLY;BYDAY=MO,TH')
    expect(everyOf('FREQ=HOURLY')).toBeNull()
  })

  it('of one’s own goes there and back', () => {
    for (const unit of ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const) {
      for (const interval of [1, 2, 45]) expect(everyOf(ruleOf({ unit, interval }))).toEqual({ unit, interval })
    }
  })
})

describe('the rules that bound a work', () => {
  const rule = (rule_id: string, content: string, medium: string, days_max: number): Interval => ({ rule_id, content, medium, days_max, source: 's', confidence: 'OFFICIAL', principle: null, about: '', valid_from: '2020-01-01', valid_to: null })
  const all = [rule('a', 'patrol', 'wastewater', 7), rule('b', 'patrol', 'flue_gas', 5), rule('c', 'patrol', '', 10), rule('d', 'repair', '', 1)]

  it('are those of the work and of the media of its points, the strictest first', () => {
    expect(applicable(all, 'patrol', ['wastewater']).map((one) => one.rule_id)).toEqual(['a', 'c'])
    expect(applicable(all, 'patrol', ['wastewater', 'flue_gas']).map((one) => one.rule_id)).toEqual(['b', 'a', 'c'])
    expect(applicable(all, 'shutdown', ['wastewater'])).toEqual([])
  })

  it('are each named once, and the mildest holds until another is chosen', () => {
    const twice = [...all, rule('a', 'patrol', 'wastewater', 7)]
    expect(applicable(twice, 'patrol', ['wastewater']).map((one) => one.rule_id)).toEqual(['a', 'c'])
    expect(mildest(applicable(twice, 'patrol', ['wastewater']))?.rule_id).toBe('c')
    expect(mildest([])).toBeUndefined()
  })

  const work = (code: string, ...media: Medium[]): Content => ({ code, name: code, media, forms: [], rules: [] })
  const works = [work('patrol', 'wastewater', 'flue_gas'), work('comparison', 'wastewater')]

  it('can be planned where they fit all the points', () => {
    expect(plannable(works, ['wastewater']).map((content) => content.code)).toEqual(['patrol', 'comparison'])
    expect(plannable(works, ['wastewater', 'flue_gas']).map((content) => content.code)).toEqual(['patrol'])
  })

  it('say what no longer fits when other points are chosen', () => {
    const said = (content: string, basis: string, ...media: Medium[]) => unfit({ content, basis }, media, works, all)
    expect(said('comparison', '', 'wastewater', 'flue_gas')).toBe('“comparison”不适用于所选的全部测点，请改选内容或测点。')
    expect(said('patrol', 'a', 'flue_gas')).toBe('所依据的规定不适用于所选测点，请重新选择依据。')
    expect([said('patrol', 'a', 'wastewater', 'flue_gas'), said('patrol', '', 'flue_gas'), said('comparison', '')]).toEqual(['', '', ''])
  })
})
