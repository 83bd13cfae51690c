import { expect, it } from 'vitest'
import type { SheetRevision, Step, Visit } from '../../api/types'
import type { Forms } from '../forms'
import { changesOf, spokenBefore } from './changed'

const step = (what: string, hour: string): Step => ({ what, at: `2026-12-01T${hour}:00:00Z`, by: null, text: null })
const revision = (sheet: string, id: string, hour: string, values: Record<string, string>, reason: string | null = null) =>
  ({ sheet_id: sheet, revision_id: id, form: 'patrol', form_version: 1, received_at: `2026-12-01T${hour}:00:00Z`, values, reason }) as unknown as SheetRevision
const FORMS = { contents: [], forms: [{ form: 'patrol', version: 1, title: '巡检', layout: [{ group: '', fields: ['flow', 'level'] }], computed: [], schema: { properties: { flow: { title: '流量' }, level: { title: '液位' } } } }] } as unknown as Forms

const visit = (sheets: { heads: SheetRevision[]; revisions: SheetRevision[] }[], photos: string[] = []): Visit =>
  ({ sheets: sheets.map((sheet) => ({ sheet_id: sheet.heads[0]!.sheet_id, ...sheet })), photos: photos.map((hour) => ({ received_at: `2026-12-01T${hour}:00:00Z` })) }) as unknown as Visit

it('compares with the last word of the enterprise before the change, and not with a later one', () => {
  expect(spokenBefore([step('requested', '01'), step('disputed', '02'), step('content_changed', '03')])).toBe('2026-12-01T02:00:00Z')
  expect(spokenBefore([step('signed', '01'), step('renewed', '02'), step('disputed', '03')])).toBe('2026-12-01T01:00:00Z')
  expect(spokenBefore([step('content_changed', '05'), step('disputed', '02'), step('requested', '01')])).toBe('2026-12-01T02:00:00Z')
})

it('has nothing to show where nothing changed since', () => {
  expect(spokenBefore([step('requested', '01'), step('disputed', '02'), step('answered', '03')])).toBeNull()
  expect(changesOf(visit([]), [step('requested', '01')], null)).toBeNull()
})

it('names each field with what stood there before and what stands there now', () => {
  const [first, second] = [revision('s', 'a', '01', { flow: '1.0', level: '5' }), revision('s', 'b', '03', { flow: '2.0', level: '5' }, '抄写有误')]
  const found = changesOf(visit([{ heads: [second], revisions: [first, second] }], ['01', '03']), [step('disputed', '02'), step('content_changed', '03')], FORMS)
  expect(found).toEqual({
    since: '2026-12-01T02:00:00Z', photos: 1,
    sheets: [{ sheet: 's', title: '巡检', added: false, reason: '抄写有误', fields: [{ label: '流量', before: '1.0', after: '2.0' }] }],
  })
})

it('compares with the revision that stood when the enterprise spoke, over several corrections', () => {
  const all = [revision('s', 'a', '01', { flow: '1' }), revision('s', 'b', '03', { flow: '2' }), revision('s', 'c', '04', { flow: '3' })]
  const found = changesOf(visit([{ heads: [all[2]!], revisions: all }]), [step('disputed', '02'), step('content_changed', '03'), step('content_changed', '04')], FORMS)
  expect(found?.sheets[0]?.fields).toEqual([{ label: '流量', before: '1', after: '3' }])
})

it('says of a sheet that came later that it is new, and leaves out what stood before', () => {
  const [old, late] = [revision('s', 'a', '01', { flow: '1' }), revision('t', 'b', '03', { flow: '2' })]
  const found = changesOf(visit([{ heads: [old], revisions: [old] }, { heads: [late], revisions: [late] }]), [step('disputed', '02'), step('content_changed', '03')], FORMS)
  expect(found?.sheets).toMatchObject([{ sheet: 't', added: true, fields: [] }])
})
