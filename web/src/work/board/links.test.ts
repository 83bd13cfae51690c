import { describe, expect, it } from 'vitest'
import { FIGURES, linkOf } from './links'

const period = { from: '2026-11-01', to: '2026-11-24' }
const figure = (key: string) => FIGURES.find((one) => one.key === key)!

describe('a number of the board', () => {
  it('leads to the list of what it counts, over the same days, of the same row', () => {
    expect(linkOf(figure('unsigned'), period, 'operator', 'o', { district: '310118' })).toEqual({
      path: '/visits', query: { from: '2026-11-01', to: '2026-11-24', district: '310118', operator_id: 'o', confirmation: 'unsigned' },
    })
    expect(linkOf(figure('missed'), period, 'district', '310118', {})).toEqual({ path: '/cycles', query: { ...period, district: '310118', state: 'missed' } })
  })

  it('of the totals keeps what the board itself is narrowed to', () => {
    expect(linkOf(figure('visits'), period, 'enterprise', null, { operator_id: 'o' }).query).toEqual({ ...period, operator_id: 'o', state: 'not_aborted' })
  })

  it('never counts by a word that the row would overrule', () => {
    for (const one of FIGURES) expect(Object.keys(one.query)).not.toEqual(expect.arrayContaining(['district', 'operator_id', 'enterprise_id']))
  })
})
