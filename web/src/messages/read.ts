import { onScopeDispose } from 'vue'
import { post } from '../api'

const listeners = new Set<() => void>()
const waiting = new Set<() => void>()

/** Calls back when the bell hears that the number of unread messages is another one. */
export function whenTold(then: () => void): void {
  waiting.add(then)
  onScopeDispose(() => waiting.delete(then))
}

export function tell(): void {
  for (const then of waiting) then()
}

/** Calls back when messages were marked as read on this page. */
export function whenRead(then: () => void): void {
  listeners.add(then)
  onScopeDispose(() => listeners.delete(then))
}

export async function markRead(which: { ids: string[] } | { all: true }): Promise<void> {
  await post('/api/messages/read', { ids: [], all: false, ...which })
  for (const then of listeners) then()
}
