/** The second step of a log-in, as docs/contracts-accounts.md describes it. */
import { post } from '../../api'
import type { Problem } from '../../api/problem'
import type { Session } from '../../api/types'

export type Method = 'totp' | 'webauthn' | 'recovery'
export interface Step { step: string; methods: Method[]; webauthn?: PublicKeyCredentialRequestOptionsJSON }

export const METHODS: Record<Method, { text: string; label: string; hint: string }> = {
  totp: { text: '动态验证码', label: '动态验证码', hint: '打开手机上的验证器，输入 6 位数字' },
  webauthn: { text: '通行密钥', label: '通行密钥', hint: '用本机的指纹、面容或安全密钥验证' },
  recovery: { text: '恢复码', label: '恢复码', hint: '每个恢复码只能用一次' },
}

/** Whether this browser can use passkeys at all: the one inside WeChat mostly cannot. */
const hasPasskeys = (): boolean => typeof PublicKeyCredential !== 'undefined' && typeof PublicKeyCredential.parseRequestOptionsFromJSON === 'function'

/** What a refusal of the first step asks for; null where it is a plain refusal. */
export function stepOf({ status, code, details }: Problem): Step | null {
  if (status !== 409 || code !== 'log-in.second-step' || typeof details.step !== 'string' || !Array.isArray(details.methods)) return null
  return details as unknown as Step
}

/** Those that this page knows and this browser can do. */
export const methodsOf = ({ methods, webauthn }: Step): Method[] => methods.filter((method) => method in METHODS && (method !== 'webauthn' || (!!webauthn && hasPasskeys())))

export async function assertion(step: Step): Promise<unknown> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(step.webauthn!)
  const credential = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential | null
  if (!credential) throw new DOMException('no credential', 'NotAllowedError')
  return credential.toJSON()
}

export const finish = ({ step }: Step, given: { method: Method; code?: string; assertion?: unknown }): Promise<Session> => post('/api/session/step', { step, ...given } as never)
