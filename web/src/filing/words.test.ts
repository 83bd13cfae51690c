import { describe, expect, it } from 'vitest'
import type { Basics, NameOfPerson, Person } from './types'
import { daysLeft, fieldText, fieldTitle, leftWord, PAPER_FIELDS_OF, paperField, PAPERS, PAPERS_OF, paperTitle, period, personName, resourceTitle, scopeText } from './words'

const paper = { paper_id: 'p', kind: 'competence_certificate', number: '沪-1', valid_to: '2026-12-31' } as const
const person = { kind: 'person', post: '工程师', technical_posts: ['maintenance'], joined_on: '2020-01-01', papers: [paper] } as Person

describe('the days that a paper has left', () => {
  it('are counted to its last day, which still counts', () => {
    expect(['2026-11-01', '2026-12-31', '2027-01-02'].map((day) => daysLeft(paper, day))).toEqual([60, 0, -2])
    expect(daysLeft({}, '2026-01-01')).toBeNull()
  })

  it.each([
    [-1, '已过期 1 天', 'danger'], [0, '今天到期', 'warning'], [60, '还有 60 天', 'warning'], [61, '还有 61 天', 'success'], [null, '未填有效期', 'info'],
  ] as const)('%s are said so', (days, text, tone) => expect(leftWord(days)).toEqual({ text, tone }))

  it('do not matter once it was revoked', () => expect(leftWord(300, true)).toEqual({ text: '已撤销', tone: 'danger' }))
})

describe('papers', () => {
  it('are called by kind and number', () => expect([paperTitle(paper), paperTitle({ kind: 'lease' })]).toEqual(['运维能力评定证书 沪-1', '租赁合同']))
  it('call the same field as each of them prints it', () => expect([paperField('lease', 'issuer'), paperField('verification', 'issuer'), paperField('competence_certificate', 'issuer')]).toEqual(['出租方', '检定机构', '发证机构']))
  it('have their fields, a scan and a last day among them', () => {
    for (const kind of Object.values(PAPERS_OF).flat()) expect(PAPER_FIELDS_OF[kind]).toEqual(expect.arrayContaining(['valid_to', 'scan']))
    expect(Object.values(PAPERS_OF).flat().sort()).toEqual(Object.keys(PAPERS).sort())
  })
  it('leave open what is not known of their period', () => {
    expect([period(paper), period({ valid_from: '2026-01-01' }), period({})]).toEqual(['至 2026-12-31', '2026-01-01 至 未填', '—'])
  })
})

describe('a dotted field', () => {
  it.each([['', null, '整体'], ['uscc', null, '统一社会信用代码'], ['contact', null, '联系人'], ['post', person, '岗位'], ['name', person, '姓名'], ['papers.0.valid_to', person, '运维能力评定证书 沪-1 · 有效期止'], ['papers', person, '证书'], ['papers.7.scan', person, '证书']])(
    '%s is said in words', (field, of, text) => expect(fieldTitle(field, of)).toBe(text))
})

describe('values', () => {
  it('are read by their words', () => {
    expect([fieldText('education', 'bachelor'), fieldText('technical_posts', ['maintenance', 'quality_head']), fieldText('plate', '沪A12345'), fieldText('title', null)]).toEqual(['本科', '运维人员、质量负责人', '沪A12345', '—'])
    expect(scopeText({ scope: ['wastewater', 'other'], scope_other: '噪声' } as Basics)).toBe('水污染源、其他（噪声）')
  })

  it('are names of people where they can be read', () => {
    expect([{ name: '张三' }, { erased: true }, { lost: true }, {}, undefined].map((name) => personName(name))).toEqual(['张三', '姓名已按要求删除', '姓名无法读出，请重新填写', '未填写', '姓名未读出'])
    const names = new Map([['1', { id: '1', name: '张三' } as NameOfPerson]])
    expect(resourceTitle({ kind: 'person', id: '1', title: '工程师' }, names)).toBe('张三（工程师）')
    expect(resourceTitle({ kind: 'vehicle', id: '1', title: '沪A12345' }, names)).toBe('沪A12345')
  })
})
