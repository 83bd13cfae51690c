import { ref } from 'vue'
import { whenAnswered } from '../api'
import { dayOf } from '../days'

const WORTH_SAYING_MS = 2 * 60_000

/** How far this phone's clock is ahead of the server's, in milliseconds, as of the last answer. */
export const ahead = ref(0)

/** The server's `Date` has whole seconds and may be late by the way back: good enough for minutes. */
export function watchClock(): void {
  whenAnswered((response) => {
    const theirs = Date.parse(response.headers.get('Date') ?? '')
    if (!Number.isNaN(theirs)) ahead.value = Date.now() - theirs
  })
}

export function clockHint(ms: number): string | null {
  if (Math.abs(ms) <= WORTH_SAYING_MS) return null
  const minutes = Math.round(Math.abs(ms) / 60_000)
  return `本机时间比服务器${ms > 0 ? '快' : '慢'}约 ${minutes} 分钟，请校准手机时间。`
}

/** The legal day so many days ago, by the server's clock as far as it was heard: the device's own may stand in another year. */
export const serverDay = (daysAgo = 0): string => dayOf(Date.now() - ahead.value - daysAgo * 86_400_000)

/** What the device claims: its own clock, unmended. */
export const now = (): string => new Date().toISOString()
