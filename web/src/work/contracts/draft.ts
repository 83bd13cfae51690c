import type { ContractClaim } from '../../api/types'

/** A contract as it is typed. Blanks are texts here and absent in what is sent. */
export interface ContractDraft {
  number: string
  name: string
  period: [string, string] | null
  amount: string
  subcontracted: boolean
  subcontract_amount: string
  summary: string
}

export const emptyDraft = (): ContractDraft => ({
  number: '', name: '', period: null, amount: '', subcontracted: false, subcontract_amount: '', summary: '',
})

const MONEY = /^\d{1,12}(\.\d{1,2})?$/
const USCC = /^[0-9A-HJ-NP-RTUW-Y]{18}$/

/** Whether it can be a code at all; which enterprise it is, the server says. */
export const looksLikeUscc = (text: string): boolean => USCC.test(text)

/** What is missing, one sentence for each field. */
export function problemsOf(draft: ContractDraft): Record<string, string> {
  const found: Record<string, string> = {}
  if (!draft.number.trim()) found.number = '请填写合同编号。'
  if (!draft.name.trim()) found.name = '请填写合同名称。'
  if (!draft.period) found.first_day = '请填写合同期限。'
  if (draft.amount && !MONEY.test(draft.amount)) found.amount = '合同金额应为数字，至多两位小数，单位元。'
  if (draft.subcontracted && draft.subcontract_amount && !MONEY.test(draft.subcontract_amount)) found.subcontract_amount = '分包金额应为数字，至多两位小数，单位元。'
  return found
}

export function particularsOf(draft: ContractDraft): ContractClaim {
  const [first_day, last_day] = draft.period ?? ['', '']
  const blank = (text: string) => text.trim() || null
  return {
    number: draft.number.trim(), name: draft.name.trim(), first_day, last_day, amount: blank(draft.amount),
    subcontracted: draft.subcontracted, subcontract_amount: draft.subcontracted ? blank(draft.subcontract_amount) : null, summary: blank(draft.summary),
  }
}
