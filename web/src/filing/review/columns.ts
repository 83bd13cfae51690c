import type { ListColumn } from '../../work/lists/columns'

/** The list of every operator; what waits is shown with fewer, and all of them. */
export const filingColumns: ListColumn[] = [
  { key: 'name', text: '机构名称', width: 172, fixed: true },
  { key: 'uscc', text: '统一社会信用代码', width: 174 },
  { key: 'state', text: '状态', width: 86 },
  { key: 'since', text: '状态自', width: 146 },
  { key: 'number', text: '提交', width: 76 },
  { key: 'returned', text: '退回次数', width: 84 },
  { key: 'late', text: '变更期限', width: 116 },
  { key: 'filed', text: '首次备案日', width: 104 },
]

/** Beside the columns of what waits: the box by which several are passed at once, or why there is none. */
export const PASSING_WIDTH = 150
