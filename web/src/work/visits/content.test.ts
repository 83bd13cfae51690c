import { describe, expect, it } from 'vitest'
import type { SheetRevision, Visit } from '../../api/types'
import { conflicting, contentOf } from './content'
import { correctionOf } from './correcting'

const revision = (sheet_id: string, revision_id: string, more: Partial<SheetRevision> = {}): SheetRevision => ({
  sheet_id, revision_id, form: 'f', form_version: 1, content: 'patrol', values: { note: 'a' }, by: 'x', claimed_at: 't', received_at: 't', ...more,
})
const first = revision('s', 'r1')
const second = revision('s', 'r2')

function visit(more: Partial<Visit> = {}): Visit {
  const sheets = [{ sheet_id: 's', form: 'f', form_version: 1, content: 'patrol', heads: [first, second], revisions: [first, second] }]
  return { id: 'v', point_id: 'p', sheets, photos: [], opened: { contract_id: 'c', cycles: [{ plan_id: 'q', item: 0, number: 2 }], by: 'x', claimed_at: 'then', received_at: 't' }, content: null, ...more } as Visit
}

describe('what a visit says', () => {
  it('is read from the text that is signed, not from what stands beside it', () => {
    const text = JSON.stringify({ visit_id: 'v', cycles: [], sheets: [revision('s', 'r3')], photos: [] })
    expect(contentOf(visit({ content: { text, sha256: 'h' } })).sheets.map((one) => one.revision_id)).toEqual(['r3'])
  })

  it('is put together from its parts while it is under way', () => {
    expect(contentOf(visit()).sheets).toEqual([first, second])
  })

  it('is in conflict where two revisions of one sheet stand', () => {
    expect(conflicting([first, second, revision('other', 'r9')])).toEqual(new Set(['s']))
  })
})

describe('a correction', () => {
  it('supersedes all that stands, carries the opening, and leaves blanks out', () => {
    const body = correctionOf(visit(), first, { note: '', at: '2026-11-24T10:00' }, '写错', 'r3', 'now')
    expect(body.opening).toEqual({ point_id: 'p', contract_id: 'c', cycles: [{ plan_id: 'q', item: 0, number: 2 }], claimed_at: 'then' })
    expect(body.sheet).toMatchObject({ sheet_id: 's', revision_id: 'r3', supersedes: ['r1', 'r2'], values: { at: '2026-11-24T10:00' }, reason: '写错', claimed_at: 'now' })
    expect(body.sheet.values).not.toHaveProperty('note')
  })

  it('still says what was filled by group, but for the answers it changes', () => {
    const tapped = revision('s', 'r1', { values: { a: '正常', b: '正常' }, filled_by_group: ['a', 'b'] })
    const body = correctionOf(visit(), tapped, { a: '正常', b: '异常' }, '写错', 'r3', 'now')
    expect(body.sheet.filled_by_group).toEqual(['a'])
  })
})
