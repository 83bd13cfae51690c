/** The words of states and marks, the same on the desk's pages and on the phone. Which words: docs/glossary.md. */
import type { ConfirmationState, FilingMark, Mark } from './api/types'
import { moment } from './days'

export const MARKS: Record<Mark, string> = {
  outside_fence: '超出围栏',
  no_fix: '未取得定位',
  no_location: '测点无坐标',
  poor_accuracy: '定位精度低',
  clock_skew: '手机时钟偏差',
  received_late: '延迟收到',
  implausible_travel: '行程存疑',
  empty: '空（无运维记录）',
}

/** What filings say against a visit. */
export const FILING_MARKS: Record<FilingMark, string> = {
  certificate_missing: '证书未覆盖当日',
  not_filed_person: '人员未备案',
  calibration_missing: '设备检定校准未覆盖当日',
  operator_not_filed: '机构未备案',
  operator_locked: '机构已锁定',
}

export const CONFIRMATION_TEXT: Record<ConfirmationState, string> = {
  requested: '待签字',
  opened: '待签字',
  disputed: '有异议',
  answered: '运维已答复',
  escalated: '已提交监管',
  lapsed: '逾期未签',
  signed: '已签字',
  voided: '已作废',
}

export const BACKFILL: Record<'safety' | 'secrecy' | 'signal' | 'other', string> = {
  safety: '安全管理要求',
  secrecy: '保密管理要求',
  signal: '现场无信号',
  other: '其他',
}

export const MEDIUM: Record<string, string> = { wastewater: '废水', flue_gas: '废气' }

/** What a back-fill states about its real times; empty where they were not asked for. */
export function realTimes({ arrived_at, left_at }: { arrived_at?: string | null; left_at?: string | null }): string {
  return arrived_at && left_at ? `（补录：实际 ${moment(arrived_at).slice(0, 16)} 到达，${moment(left_at).slice(0, 16)} 离开）` : ''
}
