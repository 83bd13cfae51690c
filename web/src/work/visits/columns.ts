import type { Kind } from '../../api/types'
import type { ListColumn } from '../lists/columns'

/** Who sees many enterprises and operators reads their names first; the rest can be chosen. The point leads to the visit and always stands. */
export function visitColumns(kind: Kind | undefined): ListColumn[] {
  const many = kind === 'regulator' || kind === 'administrator'
  return [
    { key: 'day', text: '日期', width: 104 },
    { key: 'point', text: '测点', width: 140, fixed: true },
    { key: 'enterprise', text: '排污单位', width: 140, hidden: kind === 'enterprise' },
    { key: 'operator', text: '运维机构', width: 140, hidden: kind === 'operator' },
    { key: 'technician', text: '运维人员', width: 128 },
    { key: 'contents', text: '运维内容', width: 122 },
    { key: 'times', text: '到离场', width: 118, hidden: many },
    { key: 'amounts', text: '单 / 照片', width: 86, hidden: true },
    { key: 'marks', text: '标记', width: 114 },
    { key: 'confirmation', text: '确认', width: 124 },
  ]
}
