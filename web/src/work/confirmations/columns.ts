import type { Kind } from '../../api/types'
import type { ListColumn } from '../lists/columns'

const seesMany = (kind: Kind | undefined) => kind === 'regulator' || kind === 'administrator'

export const confirmationColumns = (kind: Kind | undefined): ListColumn[] => [
  { key: 'point', text: '测点', width: 150, fixed: true },
  { key: 'enterprise', text: '排污单位', width: 140, hidden: kind === 'enterprise' },
  { key: 'contents', text: '运维内容', width: 120 },
  { key: 'operator', text: '运维机构', width: 140, hidden: kind === 'operator' },
  { key: 'technician', text: '运维人员', width: 128 },
  { key: 'day', text: '运维日期', width: 104 },
  { key: 'requested', text: '提请确认', width: 88, hidden: true },
  { key: 'state', text: '状态', width: 130 },
  { key: 'signed', text: '签字时间', width: 130, hidden: seesMany(kind) },
]
