import { startAuthentication, startRegistration, type PublicKeyCredentialCreationOptionsJSON, type PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser'
import { get, post } from '../api'
import { Problem } from '../api/problem'
import type { Account } from '../api/types'
import { proveIdentity } from '../certificates/asking'
import { SigningProblem } from '../certificates/port'
import { signWithCertificate } from '../certificates/signing'

/** Who changes second steps shows once more who they are: one of the three. */
export interface Again {
  password?: string
  code?: string
  certificate?: true
}

/** What the server is told. A certificate signs only now, as its challenge is good for two minutes. */
export async function shown({ certificate, ...typed }: Again) {
  if (!certificate) return typed
  try {
    return { proof: await proveIdentity() }
  } catch (error) {
    throw error instanceof SigningProblem ? new Problem(400, error.code, error.title) : error
  }
}
export const isGiven = ({ password, code, certificate }: Again) => Boolean(password || code || certificate)

export type StepMethod = 'totp' | 'webauthn' | 'recovery'
export type FactorKind = 'password' | 'totp' | 'webauthn' | 'certificate'

/** What the server says where the first step was right and a second one is due. */
export interface Due {
  step: string
  methods: StepMethod[]
  webauthn: PublicKeyCredentialRequestOptionsJSON | null
}

const NOT_DONE = new Problem(400, 'webauthn.not-done', '安全密钥没有完成验证：已取消、超时，或本机没有登记过的密钥。')
const NO_KEYS = new Problem(400, 'webauthn.unavailable', '此浏览器或网址不能使用安全密钥：请用较新的浏览器，并通过 https 网址打开。')

/** The browser's own words are in its own language; what matters is that nothing was done. */
async function byBrowser<T>(asked: () => Promise<T>): Promise<T> {
  if (!window.PublicKeyCredential) throw NO_KEYS
  try {
    return await asked()
  } catch {
    throw NOT_DONE
  }
}

const answered = (options: unknown) => byBrowser(() => startAuthentication({ optionsJSON: options as PublicKeyCredentialRequestOptionsJSON }))

export const ownFactors = () => get('/api/factors')
export const beginTotp = async (again: Again) => post('/api/factors/totp', await shown(again))
export const confirmTotp = (code: string) => post('/api/factors/totp/confirmation', { code })
export const removeTotp = async (again: Again) => post('/api/factors/totp/removal', await shown(again))
export const renewCodes = async (again: Again) => post('/api/factors/recovery', await shown(again))
export const removeKey = async (key_id: string, again: Again) => post('/api/factors/webauthn/{key_id}/removal', await shown(again), { path: { key_id } })

export async function addKey(name: string, again: Again): Promise<{ codes: string[] }> {
  const { id, webauthn } = await post('/api/factors/webauthn/challenges', await shown(again))
  const credential = await byBrowser(() => startRegistration({ optionsJSON: webauthn as unknown as PublicKeyCredentialCreationOptionsJSON }))
  return post('/api/factors/webauthn', { challenge: id, name, credential: { ...credential } })
}

/** The second step that a refusal asks for; null where it is another refusal. */
export function dueOf(problem: unknown): Due | null {
  return problem instanceof Problem && problem.code === 'log-in.second-step' ? (problem.details as unknown as Due) : null
}

export async function finishStep({ step, webauthn }: Due, method: StepMethod, code: string): Promise<Account> {
  const proof = method === 'webauthn' ? { assertion: { ...(await answered(webauthn)) } } : { code }
  return (await post('/api/session/step', { step, method, ...proof })).account
}

/** What was given for a signature, by the kind that was chosen. */
export interface Given {
  method: FactorKind
  password: string
  code: string
}

/** The proof for exactly these contents. A key or a certificate signs what the server made of their hashes. */
export async function giveFactor({ method, password, code }: Given, over: string[]): Promise<{ token: string }> {
  if (method === 'password') return post('/api/second-factor', { over, method, password })
  if (method === 'totp') return post('/api/second-factor', { over, method, code })
  const { id, text, webauthn } = await post('/api/second-factor/challenges', { over, method })
  const proof = method === 'webauthn' ? { assertion: { ...(await answered(webauthn)) } } : await signWithCertificate(text ?? '')
  return post('/api/second-factor', { over, method, challenge: id, ...proof })
}
