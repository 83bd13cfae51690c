import { expect, it } from 'vitest'
import type { EnterpriseChange } from '../api/types'
import { differences, moves } from './changes'

it('shows of a request only what would change', () => {
  const was = { name: '清泉', uscc: '91130200699229617X', district: '310118' }
  const change = { was, wanted: { ...was, name: '新泉', district: '310113' } } as EnterpriseChange
  expect(differences(change)).toEqual(['name', 'district'])
})

it('is a move only where confirming it takes the enterprise out of its present district', () => {
  const at = (district: string) => ({ name: '清泉', uscc: '91130200699229617X', district })
  const change = (was: string, wanted: string, now: string) => moves({ was: at(was), wanted: at(wanted), enterprise_district: now })
  expect([change('310118', '310113', '310118'), change('310118', '310113', '310113'), change('310118', '310118', '310113')]).toEqual([true, false, false])
})
