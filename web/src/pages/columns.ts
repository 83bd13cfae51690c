import type { ListColumn } from '../work/lists/columns'

export const instrumentColumns: ListColumn[] = [
  { key: 'name', text: '分析因子 / 名称', width: 130, fixed: true },
  { key: 'kind', text: '类别', width: 112 },
  { key: 'model', text: '型号', width: 110 },
  { key: 'serial', text: '出厂编号', width: 120 },
  { key: 'enterprise', text: '单位', width: 166 },
  { key: 'point', text: '测点', width: 120 },
  { key: 'operator', text: '本次运维商', width: 150 },
  { key: 'from', text: '启用日期', width: 104 },
]
