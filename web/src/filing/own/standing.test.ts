import { describe, expect, it } from 'vitest'
import type { Filing, FilingStep } from '../types'
import { contractsText, hasOpenBasics, isInReview, lastReturn, openChanges, remarkText, stageOf, unchangedCount } from './standing'

const steps = (...whats: string[]) => whats.map((what) => ({ what, at: '' }) as FilingStep)
const filing = (whats: string[], more: Partial<Filing> = {}) => ({ basics_version: 2, submission: null, unfiled: 0, steps: steps(...whats), ...more }) as Filing

it('a filing is as far as its state says', () => {
  expect((['draft', 'returned', 'first_review', 'second_review', 'filed'] as const).map((state) => stageOf({ state }))).toEqual([0, 0, 1, 2, 4])
  expect((['draft', 'first_review', 'second_review', 'filed'] as const).map((state) => isInReview({ state }))).toEqual([false, true, true, false])
})

describe('basics', () => {
  it.each([
    ['were typed', ['begun', 'basics_changed'], true],
    ['were returned', ['basics_changed', 'submitted', 'first_review_returned'], true],
    ['were withdrawn', ['basics_changed', 'submitted', 'withdrawn'], true],
    ['passed, and what came after them was returned', ['basics_changed', 'submitted', 'first_review_passed', 'second_review_returned'], false],
    ['passed, and were changed since', ['basics_changed', 'submitted', 'first_review_passed', 'filed', 'basics_changed'], true],
    ['were changed while others were in review', ['basics_changed', 'submitted', 'basics_changed', 'first_review_passed'], true],
  ])('that %s are open or not', (_, whats, open) => expect(hasOpenBasics(filing(whats))).toBe(open))

  it('wait while they are in a review, and there are none at first', () => {
    expect(hasOpenBasics(filing(['basics_changed', 'submitted'], { submission: { number: 1, basics_version: 2, late: false } as Filing['submission'] }))).toBe(false)
    expect(hasOpenBasics(filing(['begun'], { basics_version: null }))).toBe(false)
  })
})

it('what a submission would hand in is said in words', () => {
  expect(openChanges(filing(['basics_changed'], { unfiled: 3 }))).toEqual(['基本信息', '人员、设备、车辆、备品备件共 3 项'])
  expect(openChanges(filing(['basics_changed', 'submitted', 'first_review_passed', 'filed']))).toEqual([])
})

it('a return stands until something is handed in again', () => {
  expect(lastReturn(steps('submitted', 'second_review_returned', 'basics_changed'))?.what).toBe('second_review_returned')
  expect(lastReturn(steps('submitted', 'first_review_returned', 'submitted'))).toBeNull()
})

it('remarks and contracts are read in one line', () => {
  const reasons = [{ code: 'unreadable', name: '扫描件不清晰或不完整' }]
  expect([remarkText({ field: '', reason: 'unreadable', text: '看不清编号' }, reasons), remarkText({ field: '', reason: 'gone' }, reasons)]).toEqual(['扫描件不清晰或不完整：看不清编号', '请改正'])
  expect([contractsText({ projects: 2, amount: '12.5' }), contractsText({ projects: 0, amount: null })]).toEqual(['本系统中企业已确认、正在履行的合同：2 份，共 12.5 万元', '本系统中企业已确认、正在履行的合同：0 份'])
})

it('what was returned and is as it was is counted, but not of what has ended', () => {
  const remarks = (...unchanged: boolean[]) => unchanged.map((is) => ({ field: '', reason: 'form', unchanged: is }))
  const rows = [{ remarks: remarks(true, false, true), ended_on: null }, { remarks: remarks(true), ended_on: '2026-11-01' }]
  expect([unchangedCount({ remarks: remarks(true) }, rows), unchangedCount({ remarks: [] }, [])]).toEqual([3, 0])
})
