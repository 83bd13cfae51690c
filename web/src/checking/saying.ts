/** The sentences of a verdict: the twin of qingyuan_standards/rules/saying.py. */
import type { Confidence } from '../sheets/types'
import type { Rule } from './catalogue'
import { DATA, QUANTITIES, type Comparison } from './data'
import type { Factor } from './document'
import type { Result } from './verdict'

export const SAYS: Record<Result, string> = {
  pass: '符合',
  fail: '不符合',
  review: '按每对取限值与按组平均取限值，结论不同，需复核',
  missing_data: '数据不足，不能判定',
  not_judged: '不予判定',
}
const UNVERIFIED: Partial<Record<Confidence, string>> = {
  RECALL: '该要求尚未与标准原文核对，只提示，不阻断。',
  SEEN: '该要求来自第三方资料，尚未与标准原文核对，只提示，不阻断。',
  '2SRC': '该要求由两处第三方资料印证，尚未与标准原文核对。',
}
const LIMITS: Record<Comparison, string> = { absolute_at_most: '限值 ±{}', at_most: '不超过 {}', at_least: '不少于 {}', is: '要求为是' }

interface Said { shown: string | null; unit: string; limit: string; result: Result; near: boolean; few: boolean; known: boolean }

/** Names the quantity, the limit, the rule and, where it is not passed, how far the rule is verified. */
export function sentence(rule: Rule, { shown, unit, limit, result, near, few, known }: Said): string {
  const bound = LIMITS[rule.comparison].replace('{}', () => `${limit} ${unit}`.trimEnd())
  const why = few ? '（数据对数不够）' : known ? '' : '（缺少选择规则所需的量程、排放限值或测量原理）'
  const reserve = near ? '，距限值不足一个显示单位' : ''
  const verified = result === 'pass' ? '' : (UNVERIFIED[rule.confidence] ?? '')
  const clause = `${rule.standard} ${rule.clause}`.trimEnd()
  return `${QUANTITIES[rule.quantity]!.title}${valueText(rule, shown, unit)}，${bound}，${SAYS[result]}${why}${reserve}（${clause}，规则 ${rule.rule}）。${verified}`
}

function valueText(rule: Rule, shown: string | null, unit: string): string {
  if (shown === null) return '无法计算'
  if (rule.comparison === 'is') return shown === '1' ? '：是' : '：否'
  return ` ${shown} ${unit}`.trimEnd()
}

export function lackingOfPairs(factor: Factor, docType: string): string {
  return `规则目录中没有适用于${DATA.factors[factor.code]![0]}（${factor.basis}，${docType}，${factor.unit.name}）这些数据对的限值，只作计算，不予判定。`
}

export function lackingOfTest(where: string, factor: Factor): string {
  return `规则目录中没有适用于${where}（${DATA.factors[factor.code]![0]}，${factor.basis}）的规则，只作计算，不予判定。`
}
