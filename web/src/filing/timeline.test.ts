import { describe, expect, it } from 'vitest'
import { byOfLine, detailOfLine, headOfLine } from './timeline'
import type { TimelineLine } from './types'

const line = (what: string, more: Partial<TimelineLine> = {}): TimelineLine => ({ what, at: '2026-06-01T02:00:00Z', by: 'a', by_kind: 'operator', day: null, number: null, text: null, remarks: [], paper: null, days: null, ...more })
const paper = { paper_id: 'p', kind: 'competence_certificate', number: '沪-1' } as const

describe('a line of what happened to somebody', () => {
  it.each([
    [line('added', { day: '2026-06-01' }), '登记', '自 2026-06-01 起'],
    [line('paper_renewed', { day: '2026-06-01', paper }), '换发证件', '运维能力评定证书 沪-1 · 自 2026-06-01 起'],
    [line('paper_ending', { day: '2026-12-10', days: 60, paper }), '证件到期提醒', '运维能力评定证书 沪-1 · 有效期至 2026-12-10，还有 60 天'],
    [line('paper_ending', { day: '2026-12-10', days: 0, paper }), '证件到期提醒', '运维能力评定证书 沪-1 · 有效期至 2026-12-10，当天到期'],
    [line('second_review_returned', { number: 3 }), '二审退回（第 3 次提交）', ''],
    [line('passed', { number: 3 }), '二审未退回这一项（第 3 次提交）', ''],
    [line('filed', { number: 3, day: '2026-06-01' }), '已备案（第 3 次提交）', ''],
    [line('ended', { day: '2026-06-01' }), '停用', '最后一天 2026-06-01'],
  ])('is said in words', (said, head, detail) => expect([headOfLine(said), detailOfLine(said)]).toEqual([head, detail]))

  it('names who did it where the reader may know, and otherwise on which side', () => {
    expect(byOfLine(line('added'), { a: '王芳' })).toBe('王芳')
    expect(byOfLine(line('returned', { by_kind: 'regulator' }), {})).toBe('监管部门')
    expect(byOfLine(line('paper_ending', { by_kind: 'system' }), { a: '某人' })).toBe('系统')
  })
})
