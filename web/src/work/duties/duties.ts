import { confirmations, contracts, cycles, visits } from '../../api/work'
import { plusDays } from '../dates'

/** One thing that an operator has to look after: the list of it, which the page counts and the figure opens. */
export interface Duty {
  key: string
  text: string
  note: string
  path: '/cycles' | '/visits' | '/confirmations' | '/contracts'
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
    { key: 'due', text: '今天到期', note: '计划周期今天结束，还没有完成', path: '/cycles', query: { from: day, to: day, state: 'open' } },
    { key: 'soon', text: `${SOON_DAYS} 天内到期`, note: '计划周期在之后几天结束，还没有完成', path: '/cycles', query: { from: plusDays(day, 1), to: plusDays(day, SOON_DAYS), state: 'open' } },
    { key: 'missed', text: '已错过', note: '近 30 天内结束的计划周期，没有运维', path: '/cycles', query: { ...back, state: 'missed' }, alarm: true },
    { key: 'open', text: '进行中的运维', note: '近 30 天开始，还没有签退', path: '/visits', query: { ...back, state: 'open' } },
    { key: 'unsigned', text: '企业未签字', note: '近 30 天的运维，企业还没有签字', path: '/confirmations', query: { ...back, state: 'unsigned' } },
    { key: 'disputed', text: '企业有异议', note: '近 30 天的运维，企业的异议还没有答复', path: '/confirmations', query: { ...back, state: 'disputed' }, alarm: true },
    { key: 'submitted', text: '待企业确认的合同', note: '企业确认之后才能制定计划', path: '/contracts', query: { standing: 'submitted' } },
    { key: 'declined', text: '企业已拒绝的合同', note: '按企业写的原因改正后重新提交', path: '/contracts', query: { standing: 'declined' }, alarm: true },
  ]
}

const LISTS = { '/cycles': cycles, '/visits': visits, '/confirmations': confirmations, '/contracts': contracts }

/** How many rows the list of each duty has, by its key. */
export async function countsOf(duties: readonly Duty[]): Promise<Record<string, number>> {
  const counted = await Promise.all(duties.map(async ({ key, path, query }) => [key, (await LISTS[path]({ ...query, limit: 1, page: 1 })).count ?? 0] as const))
  return Object.fromEntries(counted)
}
