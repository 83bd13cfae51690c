import type { Work } from './types'

export const MARKS: Record<string, string> = {
  outside_fence: '范围外', no_fix: '无定位', no_location: '测点无坐标', poor_accuracy: '定位精度差', clock_skew: '时间偏差', received_late: '迟报',
}
export const CONFIRMATIONS: Record<string, string> = {
  requested: '待企业确认', opened: '企业已查看', disputed: '企业有异议', answered: '已答复异议', escalated: '已上报异议', lapsed: '逾期未确认', signed: '企业已确认', voided: '确认已作废',
}
export const BACKFILL: Record<string, string> = { safety: '安全管理要求', secrecy: '保密管理要求', signal: '现场无信号', other: '其他' }
export const MEDIA = { wastewater: '废水', flue_gas: '废气' } as const

export type Urgency = 'late' | 'now' | 'soon' | 'calm'

/** Days are counted to the last day on which the work is in time. */
export function urgencyOf(work: Work[]): Urgency {
  const slack = Math.min(...work.map((one) => one.slack_days))
  if (!work.length) return 'calm'
  if (slack < 0) return 'late'
  if (slack === 0) return 'now'
  return slack <= 2 ? 'soon' : 'calm'
}

export function dueText(slack: number): string {
  if (slack < 0) return `已超期 ${-slack} 天`
  return slack === 0 ? '今天截止' : `还有 ${slack} 天`
}

const TIME = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit', hour12: false })
export const timeOf = (iso: string): string => TIME.format(new Date(iso))

/** Until when: a day that ends at midnight ends at 24:00 of that day, not at 00:00 of the next. */
export const untilTime = (iso: string): string => (timeOf(iso) === '00:00' ? '24:00' : timeOf(iso))
