import type { Contract, ContractRow } from '../../api/types'
import { moment } from '../../days'
import { daysBetween } from '../dates'
import type { Word } from '../words'

const SOON_DAYS = 60
type Standing = Pick<ContractRow, 'state' | 'first_day' | 'last_day' | 'ended_on'>

/** What the enterprise said of a contract, and whether it holds on a day; shortly before its end it says so. */
export function standingOf({ state, first_day, last_day, ended_on }: Standing, day: string): Word {
  if (state === 'submitted') return { text: '待企业确认', tone: 'warning' }
  if (state === 'declined') return { text: '企业已拒绝', tone: 'danger' }
  if (state === 'ended' && ended_on) return day > ended_on ? { text: '已终止', tone: 'info' } : { text: '将终止', tone: 'warning' }
  if (day < first_day) return { text: '未开始', tone: 'info' }
  if (day > last_day) return { text: '已到期', tone: 'danger' }
  return daysBetween(day, last_day) <= SOON_DAYS ? { text: '即将到期', tone: 'warning' } : { text: '履行中', tone: 'success' }
}

/** How often an enterprise was reminded of answering; null where it never was. */
export const remindedOf = ({ reminders, reminded_at }: Pick<ContractRow, 'reminders' | 'reminded_at'>): string | null =>
  reminded_at ? `已提醒 ${reminders} 次，最近一次 ${moment(reminded_at).slice(0, 16)}` : null

/** Whether plans can be laid under it: the enterprise has agreed, and it is not over. */
export const opensPlans = ({ state, last_day, ended_on }: Standing, day: string): boolean =>
  (state === 'confirmed' || state === 'ended') && day <= last_day && (!ended_on || day <= ended_on)

/** Whether the enterprise may still agree to it; also to what it declined, as long as its number was not taken again. */
export const canBeConfirmed = ({ state, replaced }: Pick<Contract, 'state' | 'replaced'>): boolean =>
  state === 'submitted' || (state === 'declined' && !replaced)
