import { describe, expect, it } from 'vitest'
import type { Basics, NameOfPerson, Paper, People } from '../types'
import { BASICS_FIELDS, uncoveredText } from '../words'
import { basicsGroup, fieldItems, groupsOf, isUnchanged, resourceGroup, type Known } from './items'
import type { ResourceUnderReview, Review } from './types'

const scan = (sha256: string, name = '扫描.pdf') => ({ sha256, name, size: 1, media_type: 'application/pdf' })
const basics = (changed: Partial<Basics> = {}): Basics => ({
  name: '清泉运维有限公司', uscc: '91310000MA1K00000X', registered_in: '310000', registered_capital: '500', address: '某路 1 号', scope: ['wastewater'],
  scope_other: null, projects: 3, project_amount: '120.5', staff: 20, business_licence: scan('aa'), workplace_proof: scan('bb'), ...changed,
})
const PEOPLE = { legal_representative: { name: '张三' }, contact: { name: '李四', phone: '13800000000' } } as People
const known: Known = {
  province: (code) => ({ '310000': '上海市', '320000': '江苏省' })[code] ?? code,
  account: (id) => `账户 ${id}`,
  names: new Map([['p', { id: 'p', name: '王五' } as NameOfPerson]]),
}
const of = (items: { field: string }[], field: string) => items.find((item) => item.field === field)
const fields = (items: { field: string; changed: boolean }[]) => items.filter((item) => item.changed).map((item) => item.field)

const certificate = (id: string, changed: Partial<Paper> = {}): Paper => ({
  paper_id: id, kind: 'competence_certificate', number: '沪-1', issuer: '协会', grade: '水', valid_from: '2025-01-01', valid_to: '2027-12-31', scan: scan('cc'), ...changed,
})
const person = (papers: Paper[], post = '运维员') => ({ kind: 'person' as const, post, technical_posts: ['maintenance' as const], joined_on: '2024-03-01', papers })
const resource = (changed: Partial<ResourceUnderReview> = {}): ResourceUnderReview => ({
  id: 'p', kind: 'person', version: 2, title: '运维员', now: person([certificate('1')]), before: person([certificate('1')]), changed_on: '2026-11-01', ended_on: null, earlier_remarks: [], uncovered: [], ...changed,
})

it('a vehicle names the contracts that its lease does not cover', () => {
  const lease = { resource_id: 'p', paper_id: '1', title: '沪A12345', contract_id: 'c', contract: 'YW-1', last_day: '2028-01-01' }
  expect([resourceGroup(resource({ uncovered: [lease] }), known).uncovered.map(uncoveredText), resourceGroup(resource(), known).uncovered]).toEqual([['租赁期不覆盖合同 YW-1（至 2028-01-01）'], []])
})

describe('the difference of two particulars', () => {
  it('marks what changed, and nothing else', () => {
    const items = fieldItems(BASICS_FIELDS, basics({ registered_in: '320000', scope: ['wastewater', 'voc'], staff: 21 }), basics(), null, known)
    expect(fields(items)).toEqual(['registered_in', 'scope', 'staff'])
    expect(of(items, 'registered_in')).toMatchObject({ now: '江苏省', before: '上海市', label: '登记所在地', key: '/registered_in' })
  })

  it('takes a file for another by its bytes, whatever its name', () => {
    const items = fieldItems(BASICS_FIELDS, basics({ business_licence: scan('zz') }), basics(), null, known)
    expect(fields(items)).toEqual(['business_licence'])
    expect(of(items, 'business_licence')).toMatchObject({ files: [scan('zz')], filesBefore: [scan('aa')] })
  })

  it('calls nothing changed where nothing was filed', () => {
    const items = fieldItems(BASICS_FIELDS, basics(), null, null, known)
    expect(fields(items)).toEqual([])
    expect(items.every((item) => item.before === null)).toBe(true)
  })
})

describe('the basics under review', () => {
  it('have the people last, whose names are compared with nothing', () => {
    const { items, isNew } = basicsGroup(basics(), basics(), PEOPLE, [], known)
    expect(items.slice(-2).map(({ field, now, before, changed }) => [field, now, before, changed])).toEqual([['legal_representative', '张三', null, false], ['contact', '李四 13800000000', null, false]])
    expect(isNew).toBe(false)
  })

  it('ask for another scope only where one is named now or before', () => {
    const asks = (now: Basics, before: Basics | null) => !!of(basicsGroup(now, before, PEOPLE, [], known).items, 'scope_other')
    expect([asks(basics(), null), asks(basics({ scope_other: '噪声' }), null), asks(basics(), basics({ scope_other: '噪声' }))]).toEqual([false, true, true])
  })
})

describe('a resource under review', () => {
  it('has a paper by its id, and names it by its place as handed in', () => {
    const now = person([certificate('2', { number: '沪-2' }), certificate('1', { valid_to: '2028-12-31' })])
    const { items } = resourceGroup(resource({ now }), known)
    const papers = items.filter((item) => item.field.startsWith('papers'))
    expect(papers.map(({ field, key, changed }) => [field, key, changed])).toEqual([['papers.0', 'p/2', true], ['papers.1', 'p/1', true]])
    expect([papers[0]?.before, papers[1]?.before]).toEqual(['—', expect.stringContaining('有效期止 2027-12-31')])
    expect(papers[1]?.now).toContain('有效期止 2028-12-31')
  })

  it('says that a paper is gone', () => {
    const { items } = resourceGroup(resource({ now: person([]) }), known)
    expect(items.at(-1)).toMatchObject({ field: 'papers', label: '运维能力评定证书 沪-1', now: '不再登记', changed: true, filesBefore: [scan('cc')] })
  })

  it('that is unchanged has no change', () => expect(fields(resourceGroup(resource(), known).items)).toEqual([]))

  it('begins with its end, and is called by the name of the person', () => {
    const { items, title, kind, isNew } = resourceGroup(resource({ ended_on: '2026-11-20', before: null }), known)
    expect(items[0]).toMatchObject({ field: '', label: '离职', now: '最后一天 2026-11-20', changed: true })
    expect([title, kind, isNew]).toEqual(['王五（运维员）', '人员', true])
    expect(of(items, 'name')).toMatchObject({ now: '王五', resourceId: 'p' })
  })
})

describe('what a step of the review is about', () => {
  const review = (stage: Review['stage']) => ({ stage, basics: { now: basics(), before: null, earlier_remarks: [] }, resources: [resource()] }) as unknown as Review
  it('is the basics first, and resources after them', () => {
    expect(groupsOf(review('first_review'), PEOPLE, known).map((group) => group.id)).toEqual([''])
    expect(groupsOf(review('second_review'), PEOPLE, known).map((group) => group.id)).toEqual(['p'])
  })
})

it('what was returned and comes again as it was is known by its field, a paper also by one of its fields', () => {
  const remark = (field: string, unchanged: boolean) => ({ field, unchanged, reason: 'form' })
  const of = (field: string) => isUnchanged({ field }, [remark('post', true), remark('title', false), remark('papers.0.scan', true), remark('', true)])
  expect(['post', 'title', 'papers.0', 'papers.1', ''].map(of)).toEqual([true, false, true, false, false])
})
