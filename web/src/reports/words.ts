/** How the pages of reports say what they know. */
import { RULES } from '../checking/catalogue'
import { DATA } from '../checking/data'
import { OVERALL } from '../checking/page/words'
import type { Result } from '../checking/verdict'
import type { Word } from '../work/words'
import type { ExemptionRow, Outcome, State } from './types'

export const STATE: Record<State, Word> = {
  draft: { text: '草稿', tone: 'info' },
  submitted: { text: '校核中', tone: 'primary' },
  checked: { text: '待审核', tone: 'primary' },
  returned: { text: '已退回', tone: 'danger' },
  accepted: { text: '已接收', tone: 'success' },
  superseded: { text: '已被替代', tone: 'info' },
  withdrawn: { text: '已撤回', tone: 'info' },
}
/** States that a list can be narrowed to, beside the single ones. */
export const GROUPS = [
  { value: 'waiting', text: '待审核（含校核中）' },
  { value: 'open', text: '待运维机构处理' },
  { value: 'standing', text: '已提交且有效' },
]

const TONES: Record<Result, Word['tone']> = { pass: 'success', fail: 'danger', review: 'warning', missing_data: 'warning', not_judged: 'info' }
/** A result in one word; of a fail that blocks, that it does. */
export const resultWord = (result: Result, blocking = false): Word => ({ text: OVERALL[result] + (blocking ? '（不能接收）' : ''), tone: TONES[result] })
export const OUTCOME: Record<Outcome, string> = { ...OVERALL, pass: '符合', fail: '不符合', exempted: '已豁免' }

export const CONCLUSION: Record<string, string> = { pass: '合格', fail: '不合格', not_judged: '不予判定' }
export const CONVENTION: Record<string, string> = { measured_minus_reference: '误差 = 仪器值 − 参比值', reference_minus_measured: '误差 = 参比值 − 仪器值' }

export const docType = (code: string | null): string => (code && DATA.reading.doc_types[code]) || '未选报告类型'
export const factorName = (code: string): string => DATA.factors[code]?.[0] ?? code
export const ruleTitle = (code: string): string => RULES.find(({ rule }) => rule === code)?.title ?? code

export const EXEMPTION: Record<ExemptionRow['state'], Word> = {
  upcoming: { text: '未开始', tone: 'info' },
  holds: { text: '有效', tone: 'success' },
  over: { text: '已结束', tone: 'info' },
}

export const STEP: Record<string, string> = {
  drafted: '建立草稿', changed: '修改内容', file_attached: '上传报告 PDF', original_attached: '附上原始记录', original_removed: '移除原始记录',
  submitted: '提交', resubmitted: '重新提交', checked: '自动校核', reevaluated: '重新评价', accepted: '接收', returned: '退回', withdrawn: '撤回', superseded: '被新报告替代',
}

/** `2026-11-03T09:00` as it is read. */
export const localMoment = (written: string | null | undefined): string => (written ? written.replace('T', ' ') : '—')
