import { post } from '../api'
import { findService, keyOf } from './signing'
import type { Signed, SigningService } from './port'

interface Challenge { id: string; text: string }
const NOTHING = undefined as never

export const challenge = (): Promise<Challenge> => post('/api/session/challenges', NOTHING)
const challengeToAdd = (): Promise<Challenge> => post('/api/certificates/challenges', NOTHING)

const proofOf = ({ id }: Challenge, signed: Signed) => ({ challenge: id, certificate: signed.certificate, signature: signed.signature })

/** A new challenge, signed by this key: what the server verifies. The challenge is good for two minutes. */
export async function signedChallenge(service: SigningService, key: string) {
  const asked = await challenge()
  return proofOf(asked, await service.sign(asked.text, key))
}

export const logInWith = async (service: SigningService, key: string) => post('/api/session/certificate', await signedChallenge(service, key))
export const tryOut = async (service: SigningService, key: string) => post('/api/session/certificate/trial', await signedChallenge(service, key))

/** The certificate that is plugged in becomes one of the own account. */
export async function addOwn() {
  const service = await findService()
  const held = keyOf(await service.certificates())
  const asked = await challengeToAdd()
  return post('/api/certificates', proofOf(asked, await service.sign(asked.text, held.key)))
}
