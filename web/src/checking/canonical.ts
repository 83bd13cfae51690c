/** The text of a document that its hash stands for: sorted keys, no spaces, UTF-8. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes } from '@noble/hashes/utils.js'
import { isObject } from './walking'

/** Keys are in the order of their characters, not of the halves of them, as in Python. */
function byCharacters(one: string, other: string): number {
  const [first, second] = [Array.from(one), Array.from(other)]
  const at = first.findIndex((character, index) => character !== second[index])
  return at < 0 ? first.length - second.length : (first[at]!.codePointAt(0)! - (second[at]?.codePointAt(0) ?? -1))
}

/** Half a surrogate pair stands for itself, as in Python, where JSON.stringify writes its escape. */
const written = (value: unknown): string => JSON.stringify(value).replace(/(?<!\\)((?:\\\\)*)\\u(d[89a-f][0-9a-f]{2})/g, (_, before: string, code: string) => before + String.fromCharCode(parseInt(code, 16)))

export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (!isObject(value)) return written(value)
  const names = Object.keys(value).sort(byCharacters)
  return `{${names.map((name) => `${written(name)}:${canonical(value[name])}`).join()}}`
}

const SURROGATE = /\p{Surrogate}/gu

/** Half a surrogate pair, which JSON may hold, as the three bytes that its number has in UTF-8; an encoder would put another character in its place. */
function halfBytes(half: string): Uint8Array {
  const code = half.charCodeAt(0)
  return Uint8Array.of(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f))
}

function bytesOf(text: string): Uint8Array {
  const encoder = new TextEncoder()
  const halves = text.match(SURROGATE) ?? []
  const between = text.split(SURROGATE).map((part) => encoder.encode(part))
  return concatBytes(...between.flatMap((part, at) => (halves[at] === undefined ? [part] : [part, halfBytes(halves[at])])))
}

/** Browsers give out their own cryptography only over HTTPS, and not at once. */
export const hashOf = (document: unknown): string => bytesToHex(sha256(bytesOf(canonical(document))))
