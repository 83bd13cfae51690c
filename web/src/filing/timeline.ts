/** The lines of what happened to one person, device, vehicle or part. Pure. */
import type { TimelineLine } from './types'
import { paperTitle, RESOURCE_STEPS } from './words'

const KINDS: Record<TimelineLine['by_kind'], string> = { operator: '运维机构', regulator: '监管部门', administrator: '管理员', enterprise: '排污单位', system: '系统' }

export const headOfLine = ({ what, number }: Pick<TimelineLine, 'what' | 'number'>): string => `${RESOURCE_STEPS[what] ?? what}${number ? `（第 ${number} 次提交）` : ''}`

/** Who did it: by name where the reader may know it, otherwise on which side. */
export const byOfLine = ({ by, by_kind }: Pick<TimelineLine, 'by' | 'by_kind'>, names: Readonly<Record<string, string>>): string =>
  by_kind === 'system' ? KINDS.system : (names[by] ?? KINDS[by_kind])

function dayText({ what, day, days }: Pick<TimelineLine, 'what' | 'day' | 'days'>): string {
  if (!day || what === 'filed') return ''
  if (what === 'paper_ending') return days ? `有效期至 ${day}，还有 ${days} 天` : `有效期至 ${day}，当天到期`
  return what === 'ended' ? `最后一天 ${day}` : `自 ${day} 起`
}

/** The paper and the day that a line is about. */
export const detailOfLine = (line: Pick<TimelineLine, 'what' | 'day' | 'days' | 'paper'>): string => [line.paper ? paperTitle(line.paper) : '', dayText(line)].filter(Boolean).join(' · ')
