/** What is said of one's own certificate, worked out on the phone: days pass without a network too. Pure. */
import { daysBetween } from '../work/dates'
import type { OwnCertificate } from './types'

/** Reminded from so many days before it ends, as the filing is. */
const SOON_DAYS = 60

export interface Said { text: string; tone: 'late' | 'soon' | 'good' }

export function saidOf({ number, first_day, last_day, revoked }: OwnCertificate, day: string): Said {
  const name = `您的运维能力证书${number ? `（${number}）` : ''}`
  if (first_day && first_day > day) return { text: `${name} ${first_day} 起才有效。`, tone: 'late' }
  if (!last_day) return { text: `${name}没有填写有效期。`, tone: 'good' }
  const left = daysBetween(day, last_day)
  if (left < 0) return { text: revoked ? `${name}已被撤销，最后有效的一天是 ${last_day}。` : `${name}已于 ${last_day} 到期。`, tone: 'late' }
  if (revoked) return { text: `${name}将被撤销，最后有效的一天是 ${last_day}。`, tone: 'late' }
  if (left > SOON_DAYS) return { text: `${name}有效期到 ${last_day}。`, tone: 'good' }
  return { text: left === 0 ? `${name}今天到期（${last_day}）。` : `${name}还有 ${left} 天到期（${last_day}）。`, tone: 'soon' }
}
