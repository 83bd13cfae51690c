/** The messages of an account, as docs/contracts-accounts.md describes them. */
import { ref } from 'vue'
import { get, post } from '../../api'
import { Problem } from '../../api/problem'
import type { Page } from '../../api/types'

export interface Message { id: string; kind: string; title: string; text: string; about?: string | null; link: string | null; phone_link?: string | null; at: string; read: boolean }

/** How many are unread; null while nobody could say, and then no page speaks of messages. */
export const unread = ref<number | null>(null)

/** Whoever cannot be asked, or has no messages at all, changes nothing on the page. */
export async function countUnread(): Promise<void> {
  try {
    unread.value = (await get('/api/messages/count')).unread
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    if (!error.isOffline) unread.value = null
  }
}

export const messages = (after: string | null): Promise<Page<Message>> => get('/api/messages', { query: { limit: 30, after } })

export async function markRead(what: { ids: string[] } | { all: true }): Promise<void> {
  await post('/api/messages/read', what)
  await countUnread()
}

export type Way = { page: string } | { desk: string } | null

/** Where a message leads: a page of the phone, or else one of the desk. */
export function wayOf({ phone_link, link }: Pick<Message, 'phone_link' | 'link'>): Way {
  if (phone_link?.startsWith('/m/#/')) return { page: phone_link.slice('/m/#'.length) }
  if (link && /^\/confirmations\/[^/?]+$/.test(link)) return { page: link }
  return link?.startsWith('/') && !link.startsWith('//') ? { desk: link } : null
}
