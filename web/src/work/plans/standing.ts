import type { PlanRow } from '../../api/types'
import type { Word } from '../words'

/** Where a plan stands on a day. */
export function standingOf(plan: Pick<PlanRow, 'first_day' | 'last_day' | 'stopped_on'>, day: string): Word {
  if (plan.stopped_on !== null && day > plan.stopped_on) return { text: '已停止', tone: 'info' }
  if (day < plan.first_day) return { text: '未开始', tone: 'info' }
  return day > plan.last_day ? { text: '已结束', tone: 'info' } : { text: '执行中', tone: 'success' }
}
