/** A fresh random key. `crypto.randomUUID` exists only on https and localhost; an office may serve plain http on its own network. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
