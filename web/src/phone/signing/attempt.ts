import { newKey } from '../../api/key'
import { Problem } from '../../api/problem'
import type { PhoneDatabase } from '../database'

/** A command that was sent and of which no answer was heard: what was said, and exactly how it was sent. */
export interface Attempt<B> { key: string; said: string; body: B }

export type Doing = 'signature' | 'dispute' | 'escalation'

export const attemptOf = (doing: Doing, confirmation: string): string => `attempt/${doing}/${confirmation}`

export const keptAttempt = <B>(db: PhoneDatabase, doing: Doing, confirmation: string): Promise<Attempt<B> | null> => db.thing<Attempt<B>>(attemptOf(doing, confirmation))

export const dropAttempt = (db: PhoneDatabase, doing: Doing, confirmation: string): Promise<void> => db.things.delete(attemptOf(doing, confirmation))

/** No answer, or one of which nobody knows what it decided: the command may have been recorded. */
const isOpen = (error: unknown): boolean => !(error instanceof Problem) || error.status === 0 || error.status >= 500

/**
 * Sends a command so that it can be repeated as the very same one, also after a reload. What was said before and has no
 * answer yet goes again under its key, whole; other words are another command.
 */
export async function sendOnce<B>(
  db: PhoneDatabase, doing: Doing, confirmation: string, said: string, compose: () => Promise<B>, send: (body: B, key: string) => Promise<unknown>,
): Promise<void> {
  const before = await keptAttempt<B>(db, doing, confirmation)
  const attempt = before?.said === said ? before : { key: newKey(), said, body: await compose() }
  await db.keep(attemptOf(doing, confirmation), attempt)
  await sendAgain(db, doing, confirmation, attempt, send)
}

export async function sendAgain<B>(
  db: PhoneDatabase, doing: Doing, confirmation: string, attempt: Attempt<B>, send: (body: B, key: string) => Promise<unknown>,
): Promise<void> {
  try {
    await send(attempt.body, attempt.key)
  } catch (error) {
    if (!isOpen(error)) await dropAttempt(db, doing, confirmation)
    throw error
  }
  await dropAttempt(db, doing, confirmation)
}
