import { shown, type Again } from '../factors/api'
import { post } from '../api'

const KEPT = 'qingyuan.wechat'
const GOOD_FOR_MS = 5 * 60_000

/** What this browser went to WeChat for, kept until it comes back. Without the secret nobody can go on with a log-in. */
export interface Errand {
  state: string
  secret?: string
  /** Where one goes afterwards. */
  to: string
  until: number
}

const keep = (errand: Errand): void => localStorage.setItem(KEPT, JSON.stringify(errand))

/** The errand of this state, if it is this browser's and still young. */
export function errandOf(state: string): Errand | null {
  const text = localStorage.getItem(KEPT)
  const errand = text ? (JSON.parse(text) as Errand) : null
  return errand?.state === state && errand.until > Date.now() ? errand : null
}

/** It is done: going back in the browser must not open a session again after one has logged out. */
export function finish(errand: Errand): void {
  keep({ ...errand, secret: undefined })
}

/** The address of WeChat's page for a log-in. */
export async function beginLogIn(to: string): Promise<string> {
  const { url, state, secret } = await post('/api/session/wechat/beginning', undefined as never)
  keep({ state, secret, to, until: Date.now() + GOOD_FOR_MS })
  return url
}

/** Begins a binding, by whoever shows once more who they are; `url` is for this browser, `qr` for a phone. */
export async function beginBinding(name: string, to: string, again: Again) {
  const begun = await post('/api/wechat/binding/beginning', { name, ...(await shown(again)) })
  keep({ state: begun.state, to, until: Date.now() + GOOD_FOR_MS })
  return begun
}

export const insideWeChat = (): boolean => /MicroMessenger/i.test(navigator.userAgent)

/** A page of our own, from what was kept: never an address of others. */
export const ownPage = (to: string | undefined, otherwise: string): string => (to?.startsWith('/') && !/^\/[/\\]/.test(to) ? to : otherwise)
