/** 补录: the real times of arrival and departure, as a person types them. Checked as the server does, so that nothing is refused later. Pure. */
import { dayOf } from '../../days'
import type { Operation } from '../outbox/operation'
import type { Visit } from '../types'

/** Local times as the fields hold them, 2026-11-24T09:30. */
export interface RealTimes { arrived_at: string; left_at: string }

const LOCAL_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/

/** The instant of a time in Asia/Shanghai. */
export const instantOf = (local: string): string => new Date(`${local}:00+08:00`).toISOString()

/** The first day of the windows that the visit is for, by what was taken along. */
export function firstOpen(visit: Pick<Visit, 'opening' | 'task'>): string | null {
  const opens = visit.opening.cycles.flatMap((cycle) => visit.task.work.filter((work) => work.plan_id === cycle.plan_id && work.item === cycle.item && work.number === cycle.number).map((work) => work.opens))
  return opens.sort()[0] ?? null
}

/** A back-fill that the server did not take: it can be mended. */
export const refusedBackfill = (operations: readonly Operation[]): Operation | undefined => operations.find((operation) => operation.state === 'parked' && operation.path?.endsWith('/backfill'))

export type TimeProblems = Partial<Record<keyof RealTimes, string>>

/** Of the contract, where the task was fetched since it says so. A visit under another contract is judged by the server alone. */
export const contractBegins = ({ opening, task }: Pick<Visit, 'opening' | 'task'>): string | null => (opening.contract_id === task.contract_id ? task.contract_first_day ?? null : null)

export function problemsOf({ arrived_at, left_at }: RealTimes, now: number, opens: string | null, begins: string | null = null): TimeProblems {
  const found: TimeProblems = {}
  const isTime = (local: string): boolean => LOCAL_TIME.test(local) && !Number.isNaN(Date.parse(`${local}:00+08:00`))
  if (!isTime(arrived_at)) found.arrived_at = '请填写实际到达时间。'
  if (!isTime(left_at)) found.left_at = '请填写实际离开时间。'
  if (found.arrived_at || found.left_at) return found
  const [arrived, left] = [Date.parse(instantOf(arrived_at)), Date.parse(instantOf(left_at))]
  if (left <= arrived) found.left_at = '实际离开时间应晚于实际到达时间。'
  if (left > now) found.left_at = '实际离开时间不能晚于现在。'
  if (arrived > now) found.arrived_at = '实际到达时间不能晚于现在。'
  else if (begins && dayOf(arrived) < begins) found.arrived_at = `实际到达时间早于运维合同的开始日期 ${begins}。`
  else if (opens && dayOf(arrived) < opens) found.arrived_at = `实际到达时间早于本期计划的开始日期 ${opens}。`
  return found
}
