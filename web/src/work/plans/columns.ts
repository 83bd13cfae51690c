import type { Kind } from '../../api/types'
import type { ListColumn } from '../lists/columns'

export const cycleColumns = (kind: Kind | undefined): ListColumn[] => [
  { key: 'window', text: '周期', width: 206, fixed: true },
  { key: 'content', text: '内容', width: 130 },
  { key: 'point', text: '测点', width: 130 },
  { key: 'enterprise', text: '排污单位', width: 140, hidden: kind === 'enterprise' },
  { key: 'operator', text: '运维机构', width: 140, hidden: kind === 'operator' },
  { key: 'state', text: '状态', width: 88 },
  { key: 'slack', text: '余量', width: 74, hidden: kind === 'regulator' || kind === 'administrator' },
  { key: 'done', text: '完成', width: 110 },
  { key: 'plan', text: '计划', width: 64 },
]

export const planColumns: ListColumn[] = [
  { key: 'name', text: '计划', width: 200, fixed: true },
  { key: 'enterprise', text: '排污单位', width: 190 },
  { key: 'contents', text: '内容', width: 190 },
  { key: 'points', text: '测点', width: 70 },
  { key: 'term', text: '期限', width: 216 },
  { key: 'standing', text: '状态', width: 100 },
]
