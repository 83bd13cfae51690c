import { confirmations, contracts, cycles, visits } from '../../api/work'
import { hasOpenBasics, lastReturn } from '../../filing/own/standing'
import type { Filing } from '../../filing/types'
import { plusDays } from '../dates'

/** One thing that an operator has to look after: the list of it, which the page counts and the figure opens. */
export interface Duty {
  key: string
  text: string
  note: string
  path: keyof typeof LISTS
  query: Record<string, string>
  /** Something that went wrong, where it is not zero. */
  alarm?: boolean
}

const SOON_DAYS = 3
const LOOKED_BACK_DAYS = 29

/** What an operator has to do on a day. Lists that begin with a period are asked for with one, so that a figure counts what its list shows. */
export function dutiesOn(day: string): Duty[] {
  const back = { from: plusDays(day, -LOOKED_BACK_DAYS), to: day }
  return [
    { key: 'due', text: '今天到期', note: '计划周期今天结束，还没有完成；按间隔今天须完成的，看运维计划', path: '/cycles', query: { from: day, to: day, state: 'open' } },
    { key: 'soon', text: `${SOON_DAYS} 天内到期`, note: '计划周期在之后几天结束，还没有完成', path: '/cycles', query: { from: plusDays(day, 1), to: plusDays(day, SOON_DAYS), state: 'open' } },
    { key: 'missed', text: '已错过', note: '近 30 天内结束的计划周期，没有运维', path: '/cycles', query: { ...back, state: 'missed' }, alarm: true },
    { key: 'open', text: '进行中的运维', note: '近 30 天开始，还没有签退', path: '/visits', query: { ...back, state: 'open' } },
    { key: 'unsigned', text: '企业未签字', note: '近 30 天的运维，企业还没有签字', path: '/confirmations', query: { ...back, state: 'unsigned' } },
    { key: 'disputed', text: '企业有异议', note: '近 30 天的运维，企业的异议还没有答复', path: '/confirmations', query: { ...back, state: 'unanswered' }, alarm: true },
    { key: 'submitted', text: '待企业确认的合同', note: '企业确认之后才能制定计划', path: '/contracts', query: { standing: 'submitted' } },
    { key: 'declined', text: '企业已拒绝的合同', note: '按企业写的原因改正后重新提交', path: '/contracts', query: { standing: 'declined' }, alarm: true },
  ]
}

/** What the own filing asks for: there is one filing, so these are figures of it and no lists. */
export interface FilingDuty { key: string; text: string; said: string; note: string; path: '/filing'; alarm: boolean }

type Stands = Pick<Filing, 'state' | 'standing' | 'steps' | 'unfiled' | 'report_by' | 'basics_version' | 'submission'>

export function filingDuties(filing: Stands | null, day: string): FilingDuty[] {
  if (!filing || filing.standing === 'cancelled') return []
  const found: FilingDuty[] = []
  const add = (duty: Omit<FilingDuty, 'path'>) => found.push({ ...duty, path: '/filing' })
  const returned = filing.state === 'returned' ? lastReturn(filing.steps) : null
  if (filing.standing === 'locked') add({ key: 'locked', text: '备案已锁定', said: '已锁定', note: '办理新业务前须申请激活', alarm: true })
  if (returned) add({ key: 'returned', text: '备案被退回', said: `${returned.remarks?.length ?? 0} 处意见`, note: '按意见改正后重新提交', alarm: true })
  if (filing.report_by) {
    const late = filing.report_by < day
    const changes = filing.unfiled + (hasOpenBasics(filing) ? 1 : 0)
    add({ key: 'report', text: '备案变更须报告', said: `${changes} 项`, note: late ? `应在 ${filing.report_by}（含）前报告，已逾期` : `须在 ${filing.report_by}（含）前报告`, alarm: late })
  }
  return found
}

const LISTS = { '/cycles': cycles, '/visits': visits, '/confirmations': confirmations, '/contracts': contracts }

/** How many rows the list of each duty has, by its key. */
export async function countsOf(duties: readonly Duty[]): Promise<Record<string, number>> {
  const counted = await Promise.all(duties.map(async ({ key, path, query }) => [key, (await LISTS[path]({ ...query, limit: 1, page: 1 })).count ?? 0] as const))
  return Object.fromEntries(counted)
}
