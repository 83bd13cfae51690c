import type { Stock } from '../../api/types'
import type { Word } from '../../work/words'

export const UNFILED: Word = { text: '未备案的备件', tone: 'warning' }
export const EXPIRED: Word = { text: '已过有效期', tone: 'danger' }
export const OVERDRAWN: Word = { text: '用量超过备案', tone: 'warning' }
export const FILED = [{ value: 'true', text: '已备案的备件' }, { value: 'false', text: '未备案的备件' }]
export const EXPIRIES = [{ value: 'true', text: '已过有效期' }, { value: 'false', text: '未过有效期' }]

export const overdrawn = ({ left }: Stock): boolean => Number(left) < 0

/** How much, in how many lines of sheets, and how many of these were of an expired lot. */
export const usedOf = ({ used, uses, expired }: Stock): string => (uses ? `已用 ${used}（${uses} 次${expired ? `，其中 ${expired} 次已过有效期` : ''}）` : '未使用')

/** Sheets that count in several units cannot be added up: it is said beside the figure. */
export const unitsOf = ({ units }: Stock): string => (units.length > 1 ? `${units.join('、')}（单位不一）` : (units[0] ?? '—'))
