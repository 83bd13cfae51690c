/** A filing in its second review, with a person whose certificate is revoked, for the tests of the office's pages. */
import type { FilingRow } from '../types'

export const basics = { name: '清泉', uscc: 'U', registered_in: '310000', registered_capital: '1', address: '路', scope: ['voc'], projects: 3, project_amount: '100', staff: 2 }
export const person = { id: 'p', operator_id: 'o', kind: 'person', version: 1, title: '运维员', state: 'filed', filed_on: '2026-01-01', changed_on: '2026-01-01', ended_on: null, remarks: [], revoked: { gone: { first_day: '2026-10-01', reason: '证书作假' } },
  particulars: { kind: 'person', post: '运维员', technical_posts: ['maintenance'], joined_on: '2024-01-01', papers: [] },
  filed: { kind: 'person', post: '运维员', technical_posts: ['maintenance'], joined_on: '2024-01-01', papers: [{ paper_id: 'gone', kind: 'competence_certificate', number: '1' }, { paper_id: 'good', kind: 'competence_certificate', number: '2', valid_to: '2099-01-01' }] } }
export const lines = [{ what: 'added', at: '2026-01-01T00:00:00Z', by: 'she', by_kind: 'operator', day: '2026-01-01', number: null, text: null, remarks: [], paper: null, days: null }, { what: 'second_review_returned', at: '2026-01-02T00:00:00Z', by: 'she', by_kind: 'regulator', day: null, number: 1, text: null, remarks: [{ resource_id: 'p', field: 'post', reason: 'mismatch', text: '错' }], paper: null, days: null }]
export const filing = { operator_id: 'o', name: '清泉', state: 'second_review', late: false, standing: 'active', undertaking: null, overdue: [], filed_on: '2026-01-01', basics, filed_basics: basics, counts: { person: 1 }, unfiled: 0, contracts: { projects: 2, amount: null },
    steps: [{ what: 'begun', at: '2026-01-01T00:00:00Z' }, { what: 'first_review_returned', at: '2026-01-02T00:00:00Z', by: 'she', number: 1, remarks: [{ field: 'uscc', reason: 'mismatch', text: '错' }] }] }
export const row = (operator_id: string, state: FilingRow['state'], changed: Partial<FilingRow> = {}): FilingRow => ({
  operator_id, state, name: `机构${operator_id}`, uscc: null, version: 1, number: 1, returned: 0, late: false, standing: 'active', moved_at: '2026-01-01T00:00:00Z', submitted_at: null, filed_on: null, opened_by: [], by_itself: [], ...changed,
})
