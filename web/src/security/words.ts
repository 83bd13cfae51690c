import type { SecurityLine, SecurityLock } from '../api/types'

export const RESULTS: Record<SecurityLine['result'], { text: string; type: 'success' | 'warning' | 'danger' }> = {
  done: { text: '成功', type: 'success' },
  refused: { text: '被拒绝', type: 'warning' },
  failed: { text: '失败', type: 'danger' },
}

/** A lock is the system's own deed: it came about, but nobody has succeeded in anything. */
const LOCKED = { text: '已锁定', type: 'warning' } as const
export const resultOf = ({ what, result }: Pick<SecurityLine, 'what' | 'result'>) => (what === 'locked' ? LOCKED : RESULTS[result])

export const LOCKS: Record<SecurityLock['of'], string> = { 'log-in': '登录', session: '登录后的验证', address: '网络地址', invitation: '邀请码', 'lost-key': '证书丢失的授权码', 'second-step': '第二步验证' }

/** An account that has been logged, by its names of today. */
export const accountText = (account: SecurityLine['actor']): string => (account ? [account.label, account.name].filter(Boolean).join(' · ') || account.id : '—')

const BY_ADDRESS: ReadonlySet<SecurityLock['of']> = new Set(['address', 'invitation', 'lost-key'])
/** Whom a lock stops. Of a name that no account has, nobody knows which it is. */
export function lockText(lock: SecurityLock): string {
  if (lock.address !== null || BY_ADDRESS.has(lock.of)) return lock.address ?? '未知地址'
  return lock.account ? accountText(lock.account) : '没有这个账户名'
}
