import type { Kind } from '../api/types'
import type { ListColumn } from '../work/lists/columns'

export const reportColumns = (kind: Kind | undefined): ListColumn[] => [
  { key: 'number', text: '报告编号', width: 140, fixed: true },
  { key: 'doc_type', text: '报告类型', width: 140 },
  { key: 'enterprise', text: '排污单位', width: 150, hidden: kind === 'enterprise' },
  { key: 'operator', text: '运维机构', width: 140, hidden: kind === 'operator' },
  { key: 'points', text: '测点和因子', width: 170 },
  { key: 'days', text: '实施日期', width: 110 },
  { key: 'result', text: '校核结果', width: 130 },
  { key: 'state', text: '状态', width: 110 },
  { key: 'submitted_at', text: '提交时间', width: 150, hidden: kind !== 'operator' && kind !== 'enterprise' },
]
