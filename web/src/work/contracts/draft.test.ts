import { describe, expect, it } from 'vitest'
import { emptyDraft, looksLikeUscc, particularsOf, problemsOf, type ContractDraft } from './draft'
import { canBeConfirmed, remindedOf, standingOf } from './standing'

const full = (more: Partial<ContractDraft> = {}): ContractDraft => ({ ...emptyDraft(), number: 'LC-1', name: '运维', period: ['2026-01-01', '2026-12-31'], ...more })

describe('a contract that is typed', () => {
  it('names every field that is missing', () => {
    expect(Object.keys(problemsOf(emptyDraft())).sort()).toEqual(['first_day', 'name', 'number'])
    expect(problemsOf(full())).toEqual({})
  })

  it('takes amounts in yuan with at most two decimals', () => {
    for (const amount of ['186000', '0.5', '186000.00']) expect(problemsOf(full({ amount }))).toEqual({})
    for (const amount of ['1.234', '-5', '壹万', '1,000']) expect(problemsOf(full({ amount }))).toHaveProperty('amount')
  })

  it('says nothing of a subcontract there is not', () => {
    expect(particularsOf(full({ subcontract_amount: '5' }))).toMatchObject({ subcontracted: false, subcontract_amount: null, amount: null, summary: null })
    expect(particularsOf(full({ subcontracted: true, subcontract_amount: '5' })).subcontract_amount).toBe('5')
  })
})

describe('a code that an enterprise is looked up by', () => {
  it('has eighteen signs of its alphabet', () => {
    expect(looksLikeUscc('91310118MA1K2B3C47')).toBe(true)
    for (const text of ['91310118MA1K2B3C4', '91310118MA1K2B3CI7', '清泉化工']) expect(looksLikeUscc(text)).toBe(false)
  })
})

describe('how often an enterprise was reminded', () => {
  it('says how often and when last, by the legal day, and nothing where it never was', () => {
    expect(remindedOf({ reminders: 2, reminded_at: '2026-11-23T17:00:00Z' })).toBe('已提醒 2 次，最近一次 2026-11-24 01:00')
    expect(remindedOf({ reminders: 0, reminded_at: null })).toBeNull()
  })
})

describe('where a contract stands', () => {
  it.each([['2025-12-31', '未开始'], ['2026-01-01', '履行中'], ['2026-11-01', '即将到期'], ['2026-12-31', '即将到期'], ['2027-01-01', '已到期']])('on %s: %s', (day, text) => {
    expect(standingOf({ state: 'confirmed', first_day: '2026-01-01', last_day: '2026-12-31', ended_on: null }, day).text).toBe(text)
  })

  it.each([['submitted', '待企业确认'], ['declined', '企业已拒绝']] as const)('says first what the enterprise said: %s', (state, text) => {
    expect(standingOf({ state, first_day: '2026-01-01', last_day: '2026-12-31', ended_on: null }, '2027-01-01').text).toBe(text)
  })

  it('is still carried out until the day on which it was ended', () => {
    const ended = { state: 'ended', first_day: '2026-01-01', last_day: '2026-12-31', ended_on: '2026-11-30' } as const
    expect([standingOf(ended, '2026-11-30').text, standingOf(ended, '2026-12-01').text]).toEqual(['将终止', '已终止'])
  })
})

describe('what an enterprise is offered of a contract', () => {
  it('is to confirm it until it has, unless its number was taken again', () => {
    expect(canBeConfirmed({ state: 'submitted', replaced: false })).toBe(true)
    expect(canBeConfirmed({ state: 'declined', replaced: false })).toBe(true)
    expect(canBeConfirmed({ state: 'declined', replaced: true })).toBe(false)
    for (const state of ['confirmed', 'ended'] as const) expect(canBeConfirmed({ state, replaced: false })).toBe(false)
  })
})
