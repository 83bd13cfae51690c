import { describe, expect, it } from 'vitest'
import { Problem } from '../../api/problem'
import { conflictText, isConflict, isSame } from './conflicts'
import type { Review } from './types'

const review = (number: number, stage: Review['stage'] = 'first_review') => ({ number, stage }) as Review

describe('somebody was quicker', () => {
  it('is known by the code of the refusal', () => {
    for (const code of ['version.mismatch', 'review.stage', 'review.superseded', 'filing.not-submitted']) expect(isConflict(new Problem(409, code, '')), code).toBe(true)
    for (const code of ['review.unopened', 'review.not-here', 'command.invalid']) expect(isConflict(new Problem(409, code, '')), code).toBe(false)
  })

  it('is said as it happened', () => {
    expect(conflictText(review(1), null)).toContain('已没有待审的内容')
    expect(conflictText(review(1), review(2))).toContain('重新提交')
    expect(conflictText(review(1), review(1, 'second_review'))).toContain('另一位审核人已处理')
    expect(conflictText(review(1), review(1))).toContain('已保留您的标记')
  })

  it('leaves the marks only to the same submission at the same step', () => {
    expect([isSame(review(1), review(1)), isSame(review(1), review(2)), isSame(review(1), review(1, 'second_review')), isSame(review(1), null)]).toEqual([true, false, false, false])
  })
})
