import type { BoardFigures } from '../../api/types'

export type By = 'district' | 'operator' | 'enterprise'

export interface Period {
  from: string
  to: string
}

/** One figure: what it is called, what it counts, and the list that it counts. */
export interface Figure {
  key: keyof BoardFigures
  text: string
  meaning: string
  path: '/cycles' | '/visits'
  query: Record<string, string>
  /** Something to look after, where it is not zero. */
  alarm?: boolean
}

export const FIGURES: Figure[] = [
  { key: 'planned', text: '计划', meaning: '在这段时间到期的计划周期', path: '/cycles', query: { state: 'planned' } },
  { key: 'done', text: '完成', meaning: '周期内有已完成的运维', path: '/cycles', query: { state: 'done' } },
  { key: 'missed', text: '错过', meaning: '周期已过，没有运维', path: '/cycles', query: { state: 'missed' }, alarm: true },
  { key: 'visits', text: '运维', meaning: '这段时间的运维次数，不含已中止的', path: '/visits', query: { state: 'not_aborted' } },
  { key: 'aborted', text: '中止', meaning: '没有做完就中止的运维；不计入次数和比率', path: '/visits', query: { state: 'aborted' } },
  { key: 'empty', text: '空', meaning: '已完成，但没有记录任何工作；周期不因此算完成', path: '/visits', query: { state: 'not_aborted', mark: 'empty' }, alarm: true },
  { key: 'late', text: '延迟收到', meaning: '运维之后的日子才收到数据', path: '/visits', query: { state: 'not_aborted', mark: 'received_late' } },
  { key: 'backfilled', text: '补录', meaning: '事后补录的运维', path: '/visits', query: { state: 'not_aborted', backfilled: 'true' } },
  { key: 'outside_fence', text: '超出围栏', meaning: '签到或签退时离测点过远', path: '/visits', query: { state: 'not_aborted', mark: 'outside_fence' } },
  { key: 'obstructed', text: '阻挠', meaning: '运维人员报告阻挠的运维，不论是否中止', path: '/visits', query: { mark: 'obstructed' }, alarm: true },
  { key: 'unsigned', text: '未签字', meaning: '已完成而企业没有签字', path: '/visits', query: { confirmation: 'unsigned' }, alarm: true },
  { key: 'signed_late', text: '逾期签字', meaning: '企业在当日 24:00 之后签字', path: '/visits', query: { confirmation: 'signed_late' } },
  { key: 'disputed', text: '有异议', meaning: '企业提出过异议', path: '/visits', query: { confirmation: 'disputed' } },
  { key: 'escalated', text: '提交监管', meaning: '企业提交监管部门了解', path: '/visits', query: { confirmation: 'escalated' }, alarm: true },
  { key: 'originals_late', text: '原件迟传', meaning: '运维机构在请企业确认当日之后才传齐原件；企业的期限顺延，不计企业逾期', path: '/visits', query: { confirmation: 'originals_late' } },
]

const KEYS: Record<By, string> = { district: 'district', operator: 'operator_id', enterprise: 'enterprise_id' }

/** Where a number leads: the list of what it counts, over the same period, narrowed to the same row. */
export function linkOf(figure: Figure, period: Period, by: By, rowKey: string | null, narrowed: Record<string, string>) {
  const row = rowKey === null ? {} : { [KEYS[by]]: rowKey }
  return { path: figure.path, query: { from: period.from, to: period.to, ...narrowed, ...row, ...figure.query } }
}
