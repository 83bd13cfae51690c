import type { Contract, ContractRow } from '../../api/types'
import { moment } from '../../days'
import { daysBetween } from '../dates'
import { CONTRACT, type Word } from '../words'

const SOON_DAYS = 60
type Standing = Pick<ContractRow, 'state' | 'first_day' | 'last_day' | 'ended_on'>

/** What the enterprise said of a contract, and whether it holds on a day; shortly before its end it says so. The list filters by the same rule: `contract_lists.py`. */
export function standingOf({ state, first_day, last_day, ended_on }: Standing, day: string): Word {
  if (state === 'submitted') return CONTRACT.submitted
  if (state === 'declined') return CONTRACT.declined
  if (state === 'ended' && ended_on) return day > ended_on ? CONTRACT.terminated : CONTRACT.ending
  if (day < first_day) return CONTRACT.upcoming
  if (day > last_day) return CONTRACT.expired
  return daysBetween(day, last_day) <= SOON_DAYS ? CONTRACT.expiring : CONTRACT.in_force
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
