/** The words that pages use for states and marks, and how loudly each is said. */
import type { ConfirmationState } from '../api/types'
import { CONFIRMATION_TEXT } from '../words'

export { BACKFILL, FILING_MARKS, MARKS, MEDIUM } from '../words'

export type Tone = 'success' | 'warning' | 'danger' | 'info' | 'primary'
export interface Word {
  text: string
  tone: Tone
}

export const CONFIRMATION: Record<ConfirmationState, Word> = {
  requested: { text: CONFIRMATION_TEXT.requested, tone: 'primary' },
  opened: { text: CONFIRMATION_TEXT.opened, tone: 'primary' },
  disputed: { text: CONFIRMATION_TEXT.disputed, tone: 'warning' },
  answered: { text: CONFIRMATION_TEXT.answered, tone: 'primary' },
  escalated: { text: CONFIRMATION_TEXT.escalated, tone: 'danger' },
  lapsed: { text: CONFIRMATION_TEXT.lapsed, tone: 'danger' },
  signed: { text: CONFIRMATION_TEXT.signed, tone: 'success' },
  voided: { text: CONFIRMATION_TEXT.voided, tone: 'info' },
}

/** Beside the name of a point or an instrument that was registered by mistake: what was done there stays. */
export const VOIDED_ENTRY: Word = { text: '误录作废', tone: 'info' }

/** Beside the name of an operator; of one that is filed nothing is said. */
export const OPERATOR_FILING: Record<'none' | 'locked', Word> = {
  none: { text: '未备案', tone: 'warning' },
  locked: { text: '已锁定', tone: 'danger' },
}

/** What the enterprise can still do in a state; the services decide, the page only offers. */
export const SIGNABLE: readonly ConfirmationState[] = ['requested', 'opened', 'lapsed', 'disputed', 'answered', 'escalated']
export const DISPUTABLE: readonly ConfirmationState[] = ['requested', 'opened', 'lapsed']
export const ESCALATABLE: readonly ConfirmationState[] = ['disputed', 'answered']

/** What lists can be narrowed to. Disputed and escalated mean: at any time. */
export const STATE_FILTERS = [
  { value: 'unsigned', text: '未签字' },
  { value: 'lapsed', text: '逾期未签' },
  { value: 'signed', text: '已签字' },
  { value: 'signed_late', text: '逾期签字' },
  { value: 'disputed', text: '有异议' },
  { value: 'unanswered', text: '异议未答复' },
  { value: 'answered', text: '运维已答复' },
  { value: 'escalated', text: '已提交监管' },
  { value: 'originals_late', text: '原件迟传' },
  { value: 'voided', text: '已作废' },
]

export const VISIT: Record<'open' | 'complete' | 'aborted', Word> = {
  open: { text: '进行中', tone: 'primary' },
  complete: { text: '已完成', tone: 'success' },
  aborted: { text: '已中止', tone: 'info' },
}

export const CYCLE: Record<'open' | 'done' | 'missed' | 'stopped', Word> = {
  open: { text: '待完成', tone: 'primary' },
  done: { text: '已完成', tone: 'success' },
  missed: { text: '已错过', tone: 'danger' },
  stopped: { text: '已停止', tone: 'info' },
}

/** Where a contract stands: what the enterprise said of it, and the day. */
export const CONTRACT = {
  submitted: { text: '待企业确认', tone: 'warning' },
  declined: { text: '企业已拒绝', tone: 'danger' },
  terminated: { text: '已终止', tone: 'info' },
  ending: { text: '将终止', tone: 'warning' },
  upcoming: { text: '未开始', tone: 'info' },
  expired: { text: '已到期', tone: 'danger' },
  expiring: { text: '即将到期', tone: 'warning' },
  in_force: { text: '履行中', tone: 'success' },
} satisfies Record<string, Word>

export const PLAN = {
  stopped: { text: '已停止', tone: 'info' },
  upcoming: { text: '未开始', tone: 'info' },
  over: { text: '已结束', tone: 'info' },
  running: { text: '执行中', tone: 'success' },
} satisfies Record<string, Word>

/** The words of a table as the choices of a filter. */
export const choicesOf = (words: Record<string, string | Word>) => Object.entries(words).map(([value, word]) => ({ value, text: typeof word === 'string' ? word : word.text }))

export const STEP: Record<string, string> = {
  requested: '请企业确认',
  opened: '企业已打开',
  reminded: '已提醒',
  signed: '企业签字',
  disputed: '企业提出异议',
  answered: '运维机构答复',
  dispute_answered: '运维机构答复',
  escalated: '企业提交监管部门',
  lapsed: '当日未签字，已逾期',
  renewed: '内容有变，重新请企业确认',
  content_changed: '运维机构在异议期间改动了内容，异议仍然有效',
  originals_completed: '原件已传齐',
  voided: '确认作废',
}

export const CAUSE: Record<string, string> = { sheet_corrected: '记录单更正', added_later: '补到内容' }
