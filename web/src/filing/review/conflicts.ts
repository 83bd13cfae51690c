import type { Problem } from '../../api/problem'
import type { Review } from './types'

/** Somebody was quicker: the answer was about what is no longer so. */
const CODES: readonly string[] = ['version.mismatch', 'review.stage', 'review.superseded', 'filing.not-submitted']

export const isConflict = (problem: Problem): boolean => CODES.includes(problem.code)

/** The same submission at the same step: what was marked is still about it. */
export const isSame = (before: Review, after: Review | null): boolean => !!after && after.number === before.number && after.stage === before.stage

/** What became of a submission while it was being looked at. `after` is null where nothing waits any more. */
export function conflictText(before: Review, after: Review | null): string {
  if (!after) return '另一位审核人已处理，或机构已撤回：这次提交已没有待审的内容，您的标记没有提交。'
  if (after.number !== before.number) return '机构已撤回或已退回后重新提交：以下是最新提交的内容，请重新审核，您的标记没有提交。'
  if (after.stage !== before.stage) return '另一位审核人已处理：初审已通过，以下是二审的内容，您的标记没有提交。'
  return '审核期间该备案有新的动态（例如另一位审核人打开了它），提交的内容没有变，已保留您的标记，请再提交一次。'
}
