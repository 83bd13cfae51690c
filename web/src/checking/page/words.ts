/** How the pages say what a verdict says. */
import type { Confidence } from '../../sheets/types'
import type { Severity } from '../data'
import type { Result, Way } from '../verdict'

export const OVERALL: Record<Result, string> = { pass: '合格', fail: '不合格', review: '需复核', missing_data: '数据不足', not_judged: '不予判定' }
export const RESULT: Record<Result, string> = { pass: '符合', fail: '不符合', review: '需复核', missing_data: '数据不足', not_judged: '不予判定' }
export const MEANING: Record<Result, string> = {
  pass: '目录中适用的规则都符合。',
  fail: '至少有一条规则不符合。',
  review: '标准有两种读法，结果不同，须由人复核。',
  missing_data: '有规则适用，但数据不够，不能判定。',
  not_judged: '目录中没有限制这些数据的规则，只作计算。',
}
export const CONFIDENCE: Record<Confidence, string> = { OFFICIAL: '已与标准原文核对', '2SRC': '两处资料印证，未与原文核对', SEEN: '见于一处资料，未与原文核对', RECALL: '未见原文，有待核对' }
export const SEVERITY: Record<Severity, string> = { blocking: '不符合时报告不能通过', warning: '只提示，不阻断', note: '只记录，不计入结果' }
export const WAY: Record<Way['way'], string> = { by_pair: '每对按自己的值取限值', by_group: '全组按平均值取限值' }
export const MARK: Record<string, string> = { exempted: '已豁免', by_alternative: '按另一种方式符合', substitute_expected: '低浓度水样，应以标准溶液代替', few_pairs: '数据对数不够' }
export const BAND_BY: Record<string, string> = { reference_mean: '参比平均值', reference: '参比值', range: '量程', pairs: '数据对数' }
