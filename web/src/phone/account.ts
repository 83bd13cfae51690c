import { reactive } from 'vue'
import { get, remove } from '../api'
import { Problem } from '../api/problem'
import type { Account } from '../api/types'
import { loggedIn, loggedOut } from '../whose'
import { PhoneDatabase } from './database'

const REMEMBERED = 'qingyuan.phone.account'

/** Who works with this phone. Remembered across reloads, so that work goes on with no network and after a session has ended.
 * `restricted`: the session has something else to do first. */
export const me = reactive({ account: remembered(), ended: false, restricted: false })

let database: PhoneDatabase | null = null

/** The database of whoever is logged in. Pages behind the log-in may rely on it. */
export function db(): PhoneDatabase {
  if (!me.account) throw new Error('nobody is logged in')
  if (database?.account !== me.account.id) {
    database?.close()
    database = new PhoneDatabase(me.account.id)
  }
  return database
}

function remembered(): Account | null {
  const text = localStorage.getItem(REMEMBERED)
  return text ? (JSON.parse(text) as Account) : null
}

/** The server's word on who this is. With no network the remembered account stands; another account's session wins. */
export async function recall(): Promise<void> {
  try {
    become((await get('/api/session')).account)
  } catch (error) {
    me.ended = error instanceof Problem && error.status === 401
  }
}

/** Logging out forgets who it was, not what they wrote: that waits in their own database until they come back. */
export async function logOut(): Promise<void> {
  await remove('/api/session').catch((error: unknown) => {
    if (!(error instanceof Problem) || error.status !== 401) throw error
  })
  localStorage.removeItem(REMEMBERED)
  loggedOut()
  me.account = null
  me.ended = false
  me.restricted = false
}

/** Whose session is open now. */
export function become(account: Account): void {
  me.account = account
  me.ended = false
  me.restricted = false
  loggedIn(account)
  localStorage.setItem(REMEMBERED, JSON.stringify(account))
}
