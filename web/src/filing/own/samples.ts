/** What an operator has filed, for the tests of its dialogs. */
import type { FileRef } from '../../api/types'
import type { Filing, ResourceRow } from '../types'

export const scan = { sha256: 'a'.repeat(64), size: 9, media_type: 'image/jpeg', name: '证书.jpg' } as FileRef
export const paper = { paper_id: 'p1', kind: 'vehicle_licence', number: null, valid_from: null, valid_to: '2026-12-31', scan }
export const vehicle = { id: 'v1', kind: 'vehicle', version: 4, state: 'filed', title: '沪A12345', particulars: { kind: 'vehicle', plate: '沪A12345', ownership: 'owned', papers: [paper] }, revoked: {}, remarks: [] } as unknown as ResourceRow
export const basics = { name: '清源运维', uscc: '91310000000000000X', registered_in: '310000', registered_capital: '500', address: '甲路', scope: ['wastewater'], projects: 3, project_amount: '20', staff: 12, business_licence: scan, workplace_proof: null }
export const filed = { operator_id: 'o1', version: 7, name: '清源运维', basics, filed_on: '2026-01-01', contracts: { projects: 2, amount: null } } as unknown as Filing
export const options = { provinces: [{ code: '310000', name: '上海市' }], return_reasons: [], change_months: 3, change_source: '' }
