/** Whether a person is at the page. What it asks otherwise, by timers or since the server told it something, keeps no session alive. */
export const ASKED_BY_PAGE = 'X-Asked-By-Page'
/** For which account the page is: the gateway refuses it where another one is logged in meanwhile. */
export const PAGE_ACCOUNT = 'X-Qingyuan-Account'
const PAGE_ACCOUNT_IN_QUERY = 'page_account'
/** As long as this after a person did something, what is asked counts as asked by the person. */
export const FOLLOWS_MS = 10_000
const DOINGS = ['pointerdown', 'keydown', 'wheel', 'touchmove', 'input', 'change']

/** A person opened the page. */
let last = Date.now()
for (const doing of DOINGS) globalThis.addEventListener(doing, () => { last = Date.now() }, { capture: true, passive: true })

let accountOf: () => string | null | undefined = () => null

/** Desk and phone each say where they keep whom they show. */
export function pageIsOf(account: () => string | null | undefined): void {
  accountOf = account
}

export const pageAccount = (): string | null => accountOf() ?? null

/** For every request that a page sends. */
export function marks(): Record<string, string> {
  const since = Date.now() - last
  const byPage: Record<string, string> = since >= 0 && since <= FOLLOWS_MS ? {} : { [ASKED_BY_PAGE]: '1' }
  const account = pageAccount()
  return account ? { ...byPage, [PAGE_ACCOUNT]: account } : byPage
}

/** The address of a picture, a stream or a link: the browser asks for it without headers of the page. */
export function withAccount(address: string): string {
  const account = pageAccount()
  return account ? `${address}${address.includes('?') ? '&' : '?'}${PAGE_ACCOUNT_IN_QUERY}=${account}` : address
}
