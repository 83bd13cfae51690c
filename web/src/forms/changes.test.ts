import { expect, it } from 'vitest'
import type { EnterpriseChange } from '../api/types'
import { differences } from './changes'

it('shows of a request only what would change', () => {
  const was = { name: '清泉', uscc: '91130200699229617X', district: '310118' }
  const change = { was, wanted: { ...was, name: '新泉', district: '310113' } } as EnterpriseChange
  expect(differences(change)).toEqual(['name', 'district'])
})
