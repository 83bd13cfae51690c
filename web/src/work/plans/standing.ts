import type { PlanRow } from '../../api/types'
import { PLAN, type Word } from '../words'

/** Where a plan stands on a day. */
export function standingOf(plan: Pick<PlanRow, 'first_day' | 'last_day' | 'stopped_on'>, day: string): Word {
  if (plan.stopped_on !== null && day > plan.stopped_on) return PLAN.stopped
  if (day < plan.first_day) return PLAN.upcoming
  return day > plan.last_day ? PLAN.over : PLAN.running
}
