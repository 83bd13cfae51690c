import type { Kind } from '../../api/types'
import type { ListColumn } from '../lists/columns'

export const contractColumns = (kind: Kind | undefined): ListColumn[] => [
  { key: 'number', text: '合同编号', width: 140, fixed: true },
  { key: 'name', text: '合同名称', width: 160 },
  { key: 'enterprise', text: '排污单位', width: 180, hidden: kind === 'enterprise' },
  { key: 'operator', text: '运维机构', width: 180, hidden: kind !== 'enterprise' },
  { key: 'points', text: '测点', width: 64 },
  { key: 'term', text: '期限', width: 210 },
  { key: 'standing', text: '状态', width: 110 },
]
