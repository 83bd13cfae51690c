import { command, everyPage, post } from '.'
import { newKey } from './key'
import type { ConfirmationRow } from './types'

type Asked = Pick<ConfirmationRow, 'id' | 'state' | 'content_sha256' | 'originals_at'>
const AT_ONCE = 100

/** Brings to signoff the word of files that every original of a content is here, and since when: deadlines follow it.
 *
 * Either side may bring it, at any time and more than once: what is true does not depend on who says it when.
 * Answers the ids of those that were asked about and still lack an original: nobody can sign them now. */
export async function tellOriginals(rows: readonly Asked[]): Promise<ReadonlySet<string>> {
  const open = rows.filter((row) => !row.originals_at && row.state !== 'signed').slice(0, AT_ONCE)
  if (!open.length) return new Set()
  const seen = await post('/api/files/evidence', { contents: open.map((row) => row.content_sha256), files: [] })
  const lacks = ({ content_sha256 }: Asked): boolean => seen.contents[content_sha256]?.missing.length !== 0
  const whole = open.filter((row) => !lacks(row))
  for (const { id, content_sha256 } of whole) {
    const body = { content_sha256, evidence: seen.token }
    await command('/api/signoff/confirmations/{confirmation_id}/originals', { path: { confirmation_id: id }, body }, newKey())
  }
  return new Set(open.filter(lacks).map(({ id }) => id))
}

/** The same for all that is not signed since a day. That it could not be told now keeps nobody from anything. */
export async function tellOriginalsSince(from: string): Promise<void> {
  const rows = await everyPage('/api/views/confirmations', { query: { state: 'unsigned', from, limit: 200 } })
  await tellOriginals(rows)
}
