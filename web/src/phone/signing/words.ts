import type { ConfirmationState } from '../../api/types'
import { CONFIRMATION_TEXT } from '../words'

/** How a confirmation stands, and the tone of its tag. */
export function stateTag(row: { state: ConfirmationState; late: boolean | null }): [string, string] {
  if (row.state === 'signed') return row.late ? ['逾期签字', 'soon'] : [CONFIRMATION_TEXT.signed, 'good']
  const tone = ['lapsed', 'escalated'].includes(row.state) ? 'late' : row.state === 'voided' ? '' : 'soon'
  return [CONFIRMATION_TEXT[row.state], tone]
}
