/** What an enterprise has to sign, as it was last read: kept on the phone, so that the list is there without a network. */
import { everyPage } from '../../api'
import { tellOriginals } from '../../api/originals'
import type { ConfirmationRow } from '../../api/types'
import { contracts } from '../../api/work'
import { grouped, type Groups } from '../../work/confirmations/grouping'
import { serverDay } from '../clock'
import type { PhoneDatabase } from '../database'
import type { Content } from '../forms'
import { formsOfDay } from './dated'

const DUE = 'due'
const CONTENTS = 'contents'
const READ = 'confirmation/'

export interface Due { open: ConfirmationRow[]; signed: ConfirmationRow[]; contracts: number; lacking: string[]; at: string }

export const NOTHING_KEPT: Due = { open: [], signed: [], contracts: 0, lacking: [], at: '' }
export const keptDue = async (db: PhoneDatabase): Promise<Due> => (await db.thing<Due>(DUE)) ?? NOTHING_KEPT
export const keptContents = async (db: PhoneDatabase): Promise<Content[]> => (await db.thing<Content[]>(CONTENTS)) ?? []
export const readKey = (confirmation: string): string => `${READ}${confirmation}`

const of = (state: string, more = {}): Promise<ConfirmationRow[]> => everyPage('/api/views/confirmations', { query: { state, limit: 200, ...more } })

/** From the server, kept whole. What was read of a confirmation that is no longer listed is dropped. */
export async function fetchDue(db: PhoneDatabase): Promise<void> {
  const [open, signed, asked] = await Promise.all([of('unsigned'), of('signed', { day: serverDay() }), contracts({ state: 'submitted', limit: 50 })])
  await db.keep(DUE, { open, signed, contracts: asked.items.length, lacking: [], at: new Date().toISOString() } satisfies Due)
  await dropRead(db, new Set([...open, ...signed].map(({ id }) => readKey(id))))
  // Who cannot be asked says nothing: the server refuses a signature all the same.
  const lacking = await tellOriginals(open).catch(() => new Set<string>())
  if (lacking.size) await db.keep(DUE, { ...(await keptDue(db)), lacking: [...lacking] })
}

/** What the works are called. */
export async function fetchContents(db: PhoneDatabase): Promise<void> {
  await db.keep(CONTENTS, (await formsOfDay(serverDay())).contents)
}

async function dropRead(db: PhoneDatabase, wanted: ReadonlySet<string>): Promise<void> {
  const kept = (await db.things.where('key').startsWith(READ).primaryKeys()) as string[]
  await db.things.bulkDelete(kept.filter((key) => !wanted.has(key)))
}

/** In the order in which they are to be signed. */
export const toSign = (groups: Groups): ConfirmationRow[] => [...groups.due, ...groups.answered, ...groups.overdue]

/** The one that is signed after this: the next of the list, and after the last the first that was left. */
export function nextAfter(kept: Due, confirmation: string, now: number): ConfirmationRow | null {
  const lacking = new Set(kept.lacking)
  const rows = toSign(grouped(kept.open, now)).filter(({ id }) => id === confirmation || !lacking.has(id))
  const at = rows.findIndex(({ id }) => id === confirmation)
  const others = [...rows.slice(at + 1), ...rows.slice(0, Math.max(at, 0))]
  return others[0] ?? null
}
