/** For tests: a report of nine pairs as the service and its read model give it, judged by the rules themselves. */
import { check } from '../checking'
import type { Json } from '../checking/walking'
import type { Task } from '../api/types'
import type { ExemptionRow, Judgement, Report, ReportRow, Round } from './types'

export const ID = '01890000-0000-7000-8000-00000000000a'
export const POINT = '01890000-0000-7000-8000-0000000000f1'
export const ENTERPRISE = '01890000-0000-7000-8000-0000000000e1'
export const GOOD: readonly (readonly [string, string])[] = [['812', '770'], ['798', '762'], ['805', '771'], ['821', '779'], ['809', '765'], ['795', '758'], ['803', '774'], ['818', '781'], ['806', '768']]
/** One digit is in the wrong place. */
export const WRONG = GOOD.map(([reference, measured], at) => [reference, at === 2 ? '77.1' : measured] as const)
export const pasted = (pairs: readonly (readonly string[])[]): string => pairs.map((pair) => pair.join('\t')).join('\r\n')

export const documentWith = (pairs: readonly (readonly [string, string])[]): Json => ({
  document: 'report.v1', doc_type: 'verification', basis: 'HJ 75-2017', number: '清2026-11-7', performed: { from: '2026-11-03T09:00', to: '2026-11-03T17:00' },
  points: [{
    id: POINT, about: { name: '1号烟囱', code: 'DA001' },
    factors: [{ factor: 'a21026', unit: 'mg/m³', instrument: { about: { instrument_id: 'i1', name: '二氧化硫分析仪', model: 'U23', serial_number: 'S7' } }, pairs: pairs.map(([reference, measured]) => ({ reference, measured })) }],
  }],
})

export const task = {
  contract_id: 'c1', enterprise: { id: ENTERPRISE, name: '清泉化工', address: '甲路' }, point: { id: POINT, code: 'DA001', name: '1号烟囱', medium: 'flue_gas' },
  instruments: [
    { id: 'i1', version: 3, kind: 'flue_gas_analyser', factor: 'a21026', name: '二氧化硫分析仪', model: 'U23', serial_number: 'S7', unit: 'mg/m³' },
    { id: 'i2', version: 1, kind: 'flue_gas_analyser', factor: null, name: '采样探头', model: 'P', serial_number: null, unit: null },
  ],
} as unknown as Task

const file = { sha256: 'f'.repeat(64), size: 2048, media_type: 'application/pdf', name: '报告.pdf' }
const original = { original_id: 'o1', title: '采样原始记录', file: { ...file, sha256: 'e'.repeat(64), name: '采样原始记录.pdf' } }

export function judgement(document: Json, more: Partial<Judgement> = {}): Judgement {
  const verdict = check(document).verdict!
  return {
    version: 5, what: 'checked', at: '2026-11-04T01:00:05Z', by: null, reason: null, catalogue_version: verdict.catalogue.version, catalogue_sha256: verdict.catalogue.sha256,
    result: verdict.result, blocking: verdict.blocking, verdict, findings: [], exemptions: [], ...more,
  }
}
export function round(document: Json, more: Partial<Round> = {}): Round {
  return { round: 1, version: 4, number: '清2026-11-7', document, document_sha256: '0'.repeat(64), file, originals: [original], by: 'm', submitted_at: '2026-11-04T01:00:00Z', answer: null, verdicts: [judgement(document)], review: null, ...more }
}
export const row: ReportRow = {
  id: ID, version: 5, state: 'checked', round: 1, number: '清2026-11-7', doc_type: 'verification', basis: 'HJ 75-2017', conclusion: null, performed: { from: '2026-11-03T09:00', to: '2026-11-03T17:00' },
  first_day: '2026-11-03', last_day: '2026-11-03', operator_id: 'op', operator_name: '清源运维', enterprise_id: ENTERPRISE, enterprise_name: '清泉化工', district: '310115',
  points: [{ id: POINT, name: '1号烟囱', code: 'DA001', medium: 'flue_gas', voided: false }], factors: ['a21026'], result: 'fail', blocking: false, failing: ['ACC-SO2-1'], warnings: 1, notes: 0,
  submitted_at: '2026-11-04T01:00:00Z', submitted_by: 'm', decided_at: null, decided_by: null, changed_at: '2026-11-04T01:00:05Z', changed_since: false,
}
export function reportOf(more: Partial<Report> = {}): Report {
  return { ...row, draft: null, rounds: [round(documentWith(WRONG))], steps: [{ what: 'drafted', at: '2026-11-03T10:00:00Z', by: 't', round: null, text: null }, { what: 'submitted', at: '2026-11-04T01:00:00Z', by: 'm', round: 1, text: null }], instruments: [], exemptions: [], replaces: null, superseded_by: null, ...more }
}
export const draftOf = (document: Json, more: Partial<Report> = {}): Report => reportOf({ state: 'draft', round: 0, result: null, blocking: null, failing: [], rounds: [], version: 3, draft: { document, file, originals: [original] }, ...more })
export const exemption: ExemptionRow = {
  id: 'x1', version: 1, rule: 'ACC-SO2-1', title: '二氧化硫准确度', standard: 'HJ 75-2017', enterprise_id: ENTERPRISE, enterprise_name: '清泉化工', district: '310115', point: null, factor: 'a21026', report: null,
  first_day: '2026-11-01', last_day: '2026-12-31', state: 'holds', reason_code: 'process', reason: '生产工况或排放特征不具备测试条件', text: '检修期间', document_number: null, granted_at: '2026-11-01T00:00:00Z', granted_by: 'r',
  ended_at: null, ended_by: null, end_reason: null, applied: 2,
}
