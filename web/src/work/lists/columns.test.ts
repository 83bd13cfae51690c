import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Account, Kind } from '../../api/types'
import { filingColumns } from '../../filing/review/columns'
import { instrumentColumns } from '../../pages/columns'
import { reportColumns } from '../../reports/columns'
import { useSession } from '../../session'
import { confirmationColumns } from '../confirmations/columns'
import { contractColumns } from '../contracts/columns'
import { cycleColumns, planColumns } from '../plans/columns'
import { visitColumns } from '../visits/columns'
import { ROOM, useColumns, widthOf } from './columns'

const KINDS: Kind[] = ['enterprise', 'operator', 'regulator', 'administrator']
const LISTS = { visitColumns, confirmationColumns: (kind: Kind) => [...confirmationColumns(kind), { key: 'look', text: '操作', width: 72 }], cycleColumns, contractColumns: (kind: Kind) => [...contractColumns(kind), { key: 'look', text: '操作', width: 130 }], planColumns: () => planColumns, reportColumns: (kind: Kind) => [...reportColumns(kind), { key: 'look', text: '操作', width: 64 }], instrumentColumns: () => instrumentColumns, filingColumns: () => [...filingColumns, { key: 'look', text: '操作', width: 56 }] }
const as = (id: string) => (useSession().account = { id, kind: 'operator' } as Account)

describe('columns of a list', () => {
  beforeEach(() => {
    setActivePinia(createPinia())
    localStorage.clear()
  })

  it.each(Object.entries(LISTS).flatMap(([name, columns]) => KINDS.map((kind) => [name, kind, widthOf(columns(kind))] as const)))('%s of an account of kind %s fit a window of 1280 px', (_, __, width) => {
    expect(width).toBeLessThanOrEqual(ROOM)
  })

  it('leave room for the name of a technician and the operator behind it', () => {
    const room = 7 * 14 + 2 * 12
    for (const columns of [visitColumns('regulator'), confirmationColumns('enterprise')]) expect(columns.find(({ key }) => key === 'technician')!.width).toBeGreaterThanOrEqual(room)
  })

  it('are kept for the account that chose them, and for no other', () => {
    as('1')
    const columns = useColumns('visits', visitColumns('operator'))
    expect(columns.shows('marks')).toBe(true)
    columns.chosen.value = ['day']
    expect(useColumns('visits', visitColumns('operator')).chosen.value).toEqual(['day'])
    expect(columns.shows('point'), 'the way to the record stays').toBe(true)
    as('2')
    expect(useColumns('visits', visitColumns('operator')).shows('marks')).toBe(true)
  })

  it('are those of the list where what is kept is broken or of an older version', () => {
    as('1')
    localStorage.setItem('columns/1/visits', '{')
    expect(useColumns('visits', visitColumns('operator')).shows('marks')).toBe(true)
    localStorage.setItem('columns/1/visits', '["gone","day"]')
    expect(useColumns('visits', visitColumns('operator')).chosen.value).toEqual(['day'])
  })
})
