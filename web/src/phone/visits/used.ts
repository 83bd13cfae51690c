import type { Used } from '../types'

const QUANTITY = /^(0|[1-9]\d{0,7})(\.\d{1,4})?$/

/** What keeps a spare part, reagent or gas from being accepted, or null. A line without a name is left out when it is sent. */
export function usedProblem(one: Used): string | null {
  if (!one.name.trim()) return null
  if (!QUANTITY.test(one.quantity) || Number(one.quantity) <= 0) return '数量应为大于 0 的数字，最多四位小数。'
  return one.unit.trim() ? null : '请填写单位。'
}
