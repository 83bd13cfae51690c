import { describe, expect, it } from 'vitest'
import type { ConfirmationRow, ConfirmationState } from '../../api/types'
import { grouped, signableNow } from './grouping'

const row = (id: string, state: ConfirmationState, due_at: string) => ({ id, state, due_at }) as ConfirmationRow
const TONIGHT = '2026-11-24T16:00:00+00:00'
const ids = (rows: ConfirmationRow[]) => rows.map((one) => one.id)

describe('what an enterprise has to do', () => {
  const rows = [
    row('b', 'opened', TONIGHT), row('a', 'requested', TONIGHT), row('early', 'requested', '2026-11-23T16:00:00+00:00'), row('old', 'lapsed', '2026-11-20T16:00:00+00:00'),
    row('answered', 'answered', TONIGHT), row('disputed', 'disputed', TONIGHT), row('escalated', 'escalated', TONIGHT), row('signed', 'signed', TONIGHT),
  ]

  it('is grouped by whose turn it is', () => {
    const groups = grouped(rows, Date.parse('2026-11-24T10:00:00Z'))
    expect(ids(groups.due)).toEqual(['a', 'b'])
    expect(ids(groups.overdue)).toEqual(['old', 'early'])
    expect(ids(groups.answered)).toEqual(['answered'])
    expect(ids(groups.waiting)).toEqual(['disputed', 'escalated'])
  })

  it('is overdue from the very end of the day, though the page was not loaded anew', () => {
    expect(ids(grouped(rows, Date.parse(TONIGHT) - 1).due)).toEqual(['a', 'b'])
    expect(ids(grouped(rows, Date.parse(TONIGHT)).due)).toEqual([])
    expect(ids(grouped(rows, Date.parse(TONIGHT)).overdue)).toEqual(['old', 'early', 'a', 'b'])
  })
})

describe('what can be signed now', () => {
  it('is not what still lacks an original, until the list says that it has come', () => {
    const rows = [row('whole', 'requested', TONIGHT), row('lacks', 'requested', TONIGHT), { ...row('came', 'opened', TONIGHT), originals_at: TONIGHT }]
    expect(ids(signableNow(rows, new Set(['lacks', 'came'])))).toEqual(['whole', 'came'])
    expect(ids(signableNow(rows, new Set()))).toEqual(['whole', 'lacks', 'came'])
  })
})
