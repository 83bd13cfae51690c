/** Where a filing stands: how far it is, what is not handed in yet, and what came back. Pure. */
import type { Filing, FilingStep, Remark, ResourceRow } from '../types'

export const STAGES = ['填写', '初审', '二审', '已备案']
const REACHED: Record<Filing['state'], number> = { draft: 0, returned: 0, first_review: 1, second_review: 2, filed: 4 }

/** How many stages are behind it: the one after them is where it is. */
export const stageOf = ({ state }: Pick<Filing, 'state'>): number => REACHED[state]
export const isInReview = ({ state }: Pick<Filing, 'state'>): boolean => state === 'first_review' || state === 'second_review'

/** Whether the basics as they stand have neither passed nor wait: a review passes all that was handed in before it. */
export function hasOpenBasics({ basics_version, submission, steps }: Pick<Filing, 'basics_version' | 'submission' | 'steps'>): boolean {
  if (basics_version === null || submission?.basics_version === basics_version) return false
  const changed = steps.findLastIndex(({ what }) => what === 'basics_changed')
  const handedIn = steps.findIndex(({ what }, at) => at > changed && what === 'submitted')
  return handedIn < 0 || !steps.some(({ what }, at) => at > handedIn && what === 'first_review_passed')
}

/** What a submission would hand in, in words; empty where there is nothing. */
export function openChanges(filing: Pick<Filing, 'basics_version' | 'submission' | 'steps' | 'unfiled'>): string[] {
  return [...(hasOpenBasics(filing) ? ['基本信息'] : []), ...(filing.unfiled ? [`人员、设备、车辆、备品备件共 ${filing.unfiled} 项`] : [])]
}

/** Why nothing can be handed in now; null where it can. */
export function whyNotSubmit(filing: Pick<Filing, 'state' | 'standing' | 'basics_version' | 'submission' | 'steps' | 'unfiled'>): string | null {
  if (filing.standing === 'locked') return '备案已锁定，申请激活后才能提交'
  return filing.state === 'filed' && !openChanges(filing).length ? '没有尚未提交的改动' : null
}

/** The return that stands: the last one, while nothing was handed in or filed after it. */
export function lastReturn(steps: readonly FilingStep[]): FilingStep | null {
  const last = steps.findLast(({ what }) => /_returned$|^filed$|^submitted$/.test(what))
  return last && /_returned$/.test(last.what) ? last : null
}

/** How many returned fields and papers are as they were; what has ended is not handed in for them. */
export function unchangedCount({ remarks }: Pick<Filing, 'remarks'>, rows: readonly Pick<ResourceRow, 'remarks' | 'ended_on'>[]): number {
  const ofResources = rows.filter((row) => !row.ended_on).flatMap((row) => row.remarks)
  return [...remarks, ...ofResources].filter(({ unchanged }) => unchanged).length
}

/** What a reviewer wrote, in one line: the reason of the list, and the own words. */
export function remarkText({ reason, text }: Remark, reasons: readonly { code: string; name: string }[]): string {
  const name = reasons.find(({ code }) => code === reason)?.name ?? ''
  return [name, text].filter(Boolean).join('：') || '请改正'
}

/** What the contracts in the system say, beside what the operator declares. */
export function contractsText(contracts: Filing['contracts']): string {
  if (!contracts) return ''
  const { projects, amount } = contracts
  return `本系统中企业已确认、正在履行的合同：${projects} 份${amount === null ? '' : `，共 ${Number(amount).toLocaleString('zh-CN')} 万元`}`
}
