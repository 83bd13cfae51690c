import { computed, shallowRef } from 'vue'
import { get, whenOtherAccount } from './api'
import type { Account } from './api/types'
import { pageAccount } from './api/use'

/** All windows of this browser share one session: the last log-in counts for each of them. */
const LOGGED_IN = 'qingyuan.logged-in'
const there = shallowRef<Account | null>(null)

/** Who is logged in instead of the account that this page shows. The gateway refuses whatever the page sends meanwhile. */
export const other = computed(() => (there.value && pageAccount() && there.value.id !== pageAccount() ? there.value : null))

/** The other windows hear of it and look. Where the browser keeps nothing they look when they are seen. */
function tellWindows(change: () => void): void {
  try {
    change()
  } catch (error) {
    console.error(error)
  }
}

/** Somebody logged in on this page. */
export function loggedIn({ id }: Account): void {
  there.value = null
  tellWindows(() => localStorage.setItem(LOGGED_IN, id))
}

export const loggedOut = (): void => tellWindows(() => localStorage.removeItem(LOGGED_IN))

/** Without an answer nothing is known to have changed, and the gateway still refuses. */
export async function look(): Promise<void> {
  if (pageAccount()) there.value = (await get('/api/session').catch(() => null))?.account ?? there.value
}

export function watchWhose(): void {
  whenOtherAccount(() => void look())
  window.addEventListener('storage', ({ key }) => void (key === LOGGED_IN && look()))
  document.addEventListener('visibilitychange', () => void (document.visibilityState === 'visible' && look()))
}
