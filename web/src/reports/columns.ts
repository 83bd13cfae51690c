import type { Kind } from '../api/types'
import type { ListColumn } from '../work/lists/columns'

/** Who writes reports or is written about looks for when they were handed in; who reviews them has a queue. */
export const reportColumns = (kind: Kind | undefined): ListColumn[] => [
  { key: 'number', text: '报告编号', width: 120, fixed: true },
  { key: 'doc_type', text: '报告类型', width: 120 },
  { key: 'enterprise', text: '排污单位', width: 120, hidden: kind === 'enterprise' },
  { key: 'operator', text: '运维机构', width: 110, hidden: kind === 'operator' },
  { key: 'points', text: '测点和因子', width: 140 },
  { key: 'days', text: '实施日期', width: 110 },
  { key: 'result', text: '校核结果', width: 110 },
  { key: 'state', text: '状态', width: 90 },
  { key: 'submitted_at', text: '提交时间', width: 110, hidden: kind !== 'operator' && kind !== 'enterprise' },
]
