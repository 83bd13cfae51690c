/** What stood in a form when the session ended: kept in this tab only, and for the same account only. */
export interface Draft {
  title: string
  typed: unknown
}

const PREFIX = 'qingyuan.draft/'
const keyOf = (account: string, form: string): string => `${PREFIX}${account}/${form}`
const keys = (of = ''): string[] => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX + of))

/** Where the browser gives no room nothing is kept: the log-in must come all the same. */
export function keepDraft(account: string, form: string, draft: Draft): void {
  try {
    sessionStorage.setItem(keyOf(account, form), JSON.stringify(draft))
  } catch (error) {
    console.error(error)
  }
}

export function draftOf(account: string, form: string): Draft | null {
  const kept = sessionStorage.getItem(keyOf(account, form))
  return kept ? (JSON.parse(kept) as Draft) : null
}

export function dropDraft(account: string, form: string): void {
  sessionStorage.removeItem(keyOf(account, form))
}

/** The titles of the forms in which this account was interrupted. */
export function draftsOf(account: string): string[] {
  return keys(`${account}/`).map((key) => (JSON.parse(sessionStorage.getItem(key) ?? '{}') as Draft).title)
}

/** Whoever comes next at the same screen finds nothing of what the one before has typed. */
export function dropDraftsOfOthers(account: string | null): void {
  const own = account === null ? [] : keys(`${account}/`)
  for (const key of keys()) if (!own.includes(key)) sessionStorage.removeItem(key)
}
