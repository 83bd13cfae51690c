import type { Account } from '../../api/types'

/** A contract is answered and ended by the enterprise's managers; a signatory confirms visits. */
export const answersContracts = (account: Account | null): boolean => account?.kind === 'enterprise' && account.role === 'manager'
