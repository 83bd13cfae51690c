import type { Cycle } from '../../api/types'
import { everyCycle } from '../../api/work'
import { plusDays, weeksOf } from '../dates'

/** Windows are filed under the day on which they close: one that reaches into a month may close so much later. */
const REACH_DAYS = 31

/** The windows that a month's calendar shows. Of windows longer than a month the beginning may lie outside what is asked for. */
export function cyclesOfMonth(month: string, planId: string): Promise<Cycle[]> {
  const days = weeksOf(month).flat()
  const [first, last] = [days[0] as string, days[days.length - 1] as string]
  return everyCycle({ from: first, to: plusDays(last, REACH_DAYS), plan_id: planId })
}
