/** Whether a person is at the page. What it asks otherwise, by timers or since the server told it something, keeps no session alive. */
export const ASKED_BY_PAGE = 'X-Asked-By-Page'
/** As long as this after a person did something, what is asked counts as asked by the person. */
export const FOLLOWS_MS = 10_000
const DOINGS = ['pointerdown', 'keydown', 'wheel', 'touchmove', 'input', 'change']

/** A person opened the page. */
let last = Date.now()
for (const doing of DOINGS) globalThis.addEventListener(doing, () => { last = Date.now() }, { capture: true, passive: true })

/** For every request that a page sends. */
export function marks(): Record<string, string> {
  const since = Date.now() - last
  return since >= 0 && since <= FOLLOWS_MS ? {} : { [ASKED_BY_PAGE]: '1' }
}
