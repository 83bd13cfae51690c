import { Problem } from '../api/problem'

/** Browsers give out their cryptography only over HTTPS or on the machine itself. */
export const UNHASHABLE = new Problem(
  400, 'hash.unavailable', '此浏览器未提供校验功能（须用 HTTPS 打开本系统），无法核对内容与签字的哈希。',
)

export const canHash = (): boolean => typeof crypto !== 'undefined' && crypto.subtle !== undefined

/** Lower-case hexadecimal SHA-256. Throws `hash.unavailable` where the browser has no cryptography. */
export async function sha256(what: string | Blob): Promise<string> {
  if (!canHash()) throw UNHASHABLE
  const bytes = typeof what === 'string' ? new TextEncoder().encode(what) : await what.arrayBuffer()
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export type Verdict = 'same' | 'different' | 'unknown'

/** Whether a text is what a hash stands for, as far as this browser can tell. */
export async function verdict(text: string, expected: string): Promise<Verdict> {
  if (!canHash()) return 'unknown'
  return (await sha256(text)) === expected ? 'same' : 'different'
}
