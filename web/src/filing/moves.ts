/** What may be done about the standing of a filing, beside its reviews. Pure. */
import { moment } from '../days'
import type { Filing } from './types'

export type MovePath = 'reactivation-request' | 'cancellation' | 'lock' | 'reactivation' | 'revocation'

/** `reader`: an office that may not decide, or a technician. */
export type Side = 'operator' | 'office' | 'reader'

export interface Move {
  path: MovePath
  text: string
  question: string
  grave?: boolean
}

const ASK: Move = { path: 'reactivation-request', text: '申请激活', question: '备案已锁定。请说明申请激活的原因，如新签的合同；并请先更新备案内容。' }
const GIVE_UP: Move = { path: 'cancellation', text: '注销备案', question: '注销后本机构不再是已备案机构，公开名单中也不再列出；以后可以重新备案。请填写原因。', grave: true }
const LOCK: Move = { path: 'lock', text: '锁定', question: '锁定后该机构在各处标为“已锁定”，须申请激活。请填写原因。', grave: true }
const REACTIVATE: Move = { path: 'reactivation', text: '激活', question: '该机构申请激活。请填写核对情况。' }
const REVOKE: Move = { path: 'revocation', text: '撤销备案', question: '撤销后该机构不再是已备案机构。请填写原因。', grave: true }

type Standing = Pick<Filing, 'standing' | 'filed_on'>

export function movesOf({ standing, filed_on }: Standing, side: Side): Move[] {
  if (standing === 'cancelled' || side === 'reader') return []
  if (side === 'operator') return [...(standing === 'locked' ? [ASK] : []), ...(filed_on ? [GIVE_UP] : [])]
  return [...(standing === 'active' && filed_on ? [LOCK] : []), ...(standing === 'asked' ? [REACTIVATE] : []), ...(filed_on ? [REVOKE] : [])]
}

const WORDS: Partial<Record<Filing['standing'], [string, 'warning' | 'error', string]>> = {
  locked: ['locked', 'warning', '备案已锁定'],
  asked: ['reactivation_asked', 'warning', '备案已锁定，已申请激活'],
  cancelled: ['cancelled', 'error', '备案已注销'],
}

/** Why it is not in force, since when; null where it is. */
export function lastStanding({ standing, steps }: Pick<Filing, 'standing' | 'steps'>): { text: string; tone: 'warning' | 'error' } | null {
  const word = WORDS[standing]
  if (!word) return null
  const [what, tone, text] = word
  const step = steps.findLast((candidate) => candidate.what === what)
  return { tone, text: step ? `${text}（${moment(step.at).slice(0, 16)}）：${step.text ?? ''}` : text }
}
