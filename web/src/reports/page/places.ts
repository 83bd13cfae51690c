import { place } from '../../checking/places'
import type { ReturnReason } from '../types'
import { ruleTitle } from '../words'

/** Findings by their code, as a reason names them; whatever else is a rule. */
export const FINDINGS: Record<string, string> = {
  'arithmetic.differs': '计算与报告不一致', 'arithmetic.sign': '正负与约定不一致', 'conclusion.differs': '结论与判定不一致', 'pair.outside-time': '数据对在实施时间之外',
  'pair.same-time': '数据对时间重叠', 'pair.no-time': '数据对没有时间', 'pairs.copied': '两个因子的数据对相同', 'magnitude.odd': '数量级异常', 'agreement.implausible': '一致程度异常',
  'number.full-width': '全角数字', 'pairs.in-earlier-report': '与以前报告的数据对相同', 'instrument.not-installed': '仪器当日未登记在该测点', 'instrument.unnamed': '没有写明登记的仪器',
}

/** What a reason is about, and where. */
export const aboutOf = ({ code, at }: Pick<ReturnReason, 'code' | 'at'>): string => (code ? `${at ? place(at) : ''}${at ? ' ' : ''}${FINDINGS[code] ?? ruleTitle(code)}` : '整份报告')
