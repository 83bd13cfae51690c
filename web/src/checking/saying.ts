/** The sentences of a verdict: the twin of qingyuan_standards/rules/saying.py. */
import type { Rule } from './catalogue'
import { DATA, QUANTITIES } from './data'
import type { Factor } from './document'
import { own } from './units'
import type { Result } from './verdict'

const { says, limits, unverified, why_not } = DATA.saying

interface Said { shown: string | null; unit: string; limit: string; result: Result; near: boolean; few: boolean; known: boolean }

/** Names the quantity, the limit, the rule and, where it is not passed, how far the rule is verified. */
export function sentence(rule: Rule, { shown, unit, limit, result, near, few, known }: Said): string {
  const bound = limits[rule.comparison].replace('{}', () => `${limit} ${unit}`.trimEnd())
  const why = whyNot(rule, shown, few, known)
  const reserve = near ? '，距限值不足一个显示单位' : ''
  const verified = result === 'pass' ? '' : (unverified[rule.confidence] ?? '')
  const unsure = rule.clause && rule.clause_confidence === 'RECALL' ? '，条款号未核对' : ''
  const clause = `${rule.standard} ${rule.clause}`.trimEnd() + unsure
  return `${QUANTITIES[rule.quantity]!.title}${valueText(rule, shown, unit)}，${bound}，${says[result]}${why}${reserve}（${clause}，规则 ${rule.rule}）。${verified}`
}

function whyNot(rule: Rule, shown: string | null, few: boolean, known: boolean): string {
  if (few) return '（数据对数不够）'
  if (!known) return '（缺少选择规则所需的量程、排放限值或测量原理）'
  const why = own(why_not, rule.quantity)
  return shown === null && why ? `（${why}）` : ''
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
