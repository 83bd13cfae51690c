import { post } from '../api'
import { Problem } from '../api/problem'
import { findService, keyOf } from './signing'
import type { Signed, SigningService } from './port'

interface Challenge { id: string; text: string }
const NOTHING = undefined as never

export const challenge = (): Promise<Challenge> => post('/api/session/challenges', NOTHING)
const challengeToAdd = (): Promise<Challenge> => post('/api/certificates/challenges', NOTHING)

export interface CertificateProof { challenge: string; certificate: string; signature: string }

const proofOf = ({ id }: Challenge, signed: Signed): CertificateProof => ({ challenge: id, certificate: signed.certificate, signature: signed.signature })

/** A new challenge, signed by this key: what the server verifies. The challenge is good for two minutes. */
export async function signedChallenge(service: SigningService, key: string) {
  const asked = await challenge()
  return proofOf(asked, await service.sign(asked.text, key))
}

/** What whoever holds a certificate that is not known here says when asked. */
export interface Said { register?: 'operator' | 'technician' }

export const logInWith = async (service: SigningService, key: string, more: Said = {}) => post('/api/session/certificate', { ...(await signedChallenge(service, key)), ...more })
export const tryOut = async (service: SigningService, key: string) => post('/api/session/certificate/trial', await signedChallenge(service, key))

export interface Unknown { organisation: string; uscc: string }

/** Whom the server does not know yet and would register only when it is asked to; null where it is another refusal. */
export function unknownOf(problem: unknown): Unknown | null {
  return problem instanceof Problem && problem.code === 'certificate.unknown-organisation' ? (problem.details as unknown as Unknown) : null
}

/** A certificate of an organisation that is known: a manager's renewed one, or that of somebody new. */
export const isOfSomebodyUnknown = (problem: unknown): boolean => problem instanceof Problem && problem.code === 'certificate.unknown-holder'

/** What the certificate of the own account signs where others type the password. */
export async function proveIdentity() {
  const service = await findService()
  const held = keyOf(await service.certificates())
  const asked: Challenge = await post('/api/factors/identity/challenges', NOTHING)
  return proofOf(asked, await service.sign(asked.text, held.key))
}

/** What else says who is asking: typed, or signed before by another certificate of the account. */
export interface Known { password?: string; code?: string; proof?: CertificateProof }

/** The certificate that is plugged in becomes one of the own account. */
export async function addOwn(known: Known) {
  const service = await findService()
  const held = keyOf(await service.certificates())
  const asked = await challengeToAdd()
  return post('/api/certificates', { ...known, added: proofOf(asked, await service.sign(asked.text, held.key)) })
}
