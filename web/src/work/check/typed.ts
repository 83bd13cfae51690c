const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/
const HASH = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/

export interface PrintedCode { id: string; sha256: string }

/** What somebody typed or pasted from a printed record: its number and its code, or the whole address in either field. */
export function printedCode(...typed: string[]): PrintedCode | null {
  const texts = typed.map((text) => text.toLowerCase().replace(/\s/g, ''))
  const id = texts.map((text) => ID.exec(text)?.[0]).find(Boolean)
  const sha256 = texts.map((text) => HASH.exec(text)?.[0]).find(Boolean)
  return id && sha256 ? { id, sha256 } : null
}
