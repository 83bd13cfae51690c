import { type Adapter, type Held, NO_KEY, NO_SERVICE, type Signed, type SigningService } from './port'
import { sheca } from './sheca'
import { token } from './token'

/** Asked in this order; the first that is there is used. */
export const ADAPTERS: Adapter[] = [token, sheca()]

/** Rejects with `NO_SERVICE`. */
export async function findService(adapters: Adapter[] = ADAPTERS): Promise<SigningService> {
  for (const adapter of adapters) {
    const service = await adapter.find()
    if (service) return service
  }
  throw NO_SERVICE
}

let chosen: string | null = null

/** The key that somebody chose on this page is used again without being asked for. */
export function rememberKey(key: string): void {
  chosen = key
}

/** The key to use: the one that was chosen last, else the first that is not locked. */
export function keyOf(held: Held[]): Held {
  const found = held.find(({ key }) => key === chosen) ?? held.find(({ locked }) => !locked) ?? held[0]
  if (!found) throw NO_KEY
  return found
}

/** Signs the text with the certificate key that is plugged in. Rejects with `SigningProblem`, whose `title` can be shown. */
export async function signWithCertificate(text: string, adapters: Adapter[] = ADAPTERS): Promise<Signed> {
  const service = await findService(adapters)
  return service.sign(text, keyOf(await service.certificates()).key)
}
