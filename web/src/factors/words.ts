import type { FactorKind, StepMethod } from './api'

/** With what a signature was confirmed. */
export const FACTOR: Record<FactorKind, string> = { password: '登录密码', totp: '验证器动态码', webauthn: '安全密钥', certificate: '数字证书（法人一证通）' }

/** The second steps of a log-in. */
export const STEP: Record<StepMethod, string> = { totp: '验证器动态码', webauthn: '安全密钥', recovery: '恢复码' }
