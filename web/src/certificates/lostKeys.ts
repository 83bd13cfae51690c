import type { components } from '../api/schema'

export type LostKey = components['schemas']['accounts.LostKey']
export const STATES: Record<LostKey['state'], string> = { asked: '待核实', reviewed: '待批准', approved: '已批准', used: '已使用', refused: '已拒绝' }

type Contact = components['schemas']['accounts.LostKeyContact']

/** The page on which the contact of the organisation stands: it is another service's personal data, and is not copied here. */
export function contactPage({ organisation, kind }: Pick<Contact, 'organisation' | 'kind'>): { title: string; to: string } | null {
  if (!organisation || !kind) return null
  return kind === 'operator' ? { title: '机构备案', to: `/filings/${organisation}` } : { title: '污染源基本信息', to: '/enterprises' }
}

const isTooOld = ({ state, again_until }: LostKey): boolean => state === 'approved' && again_until !== null && new Date(again_until) <= new Date()

/** Which step an administrator of this role may take now. What was approved too long ago is reviewed anew. A platform's first administrators have no role and are system administrators. */
export function stepOf(row: LostKey, role: string | null): 'review' | 'decide' | 'again' | null {
  if ((row.state === 'asked' || isTooOld(row)) && (role ?? 'system') === 'system') return 'review'
  if (role !== 'security') return null
  if (row.state === 'reviewed') return 'decide'
  return row.state === 'approved' ? 'again' : null
}
