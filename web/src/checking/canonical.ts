/** The text of a document that its hash stands for: sorted keys, no spaces, UTF-8. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { isObject } from './walking'

/** Keys are in the order of their characters, not of the halves of them, as in Python. */
function byCharacters(one: string, other: string): number {
  const [first, second] = [Array.from(one), Array.from(other)]
  const at = first.findIndex((character, index) => character !== second[index])
  return at < 0 ? first.length - second.length : (first[at]!.codePointAt(0)! - (second[at]?.codePointAt(0) ?? -1))
}

export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (!isObject(value)) return JSON.stringify(value)
  const names = Object.keys(value).sort(byCharacters)
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join()}}`
}

/** Browsers give out their own cryptography only over HTTPS, and not at once. */
export const hashOf = (document: unknown): string => bytesToHex(sha256(utf8ToBytes(canonical(document))))
