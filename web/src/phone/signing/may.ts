import type { Account } from '../../api/types'

/** Whether this account signs for its enterprise. A session from before accounts said so is asked by the server alone. */
export const maySign = (account: (Account & { signs?: boolean | null }) | null): boolean => account?.kind === 'enterprise' && account.signs !== false

export const NO_SIGNER = '您的账户没有签字权限，可以查看和提出异议。需要签字的，请本单位的机构管理员开通。'
