import { describe, expect, it } from 'vitest'
import { Problem } from '../../api/problem'
import type { FileRef } from '../../api/types'
import type { Paper, People } from '../types'
import { contactProblems, draftOfPaper, isBlank, newFiles, newPaper, normalisedPlate, paperProblems, peopleOf, placeOf, problemsOf, rebased, renewalOf, resourceBody, saidByForm, sentOf, sentPaper, startOf } from './draft'
import { basicsFields, fieldsOf, paperFields } from './fields'

const scan = { sha256: 'a'.repeat(64), size: 1, media_type: 'image/jpeg', name: 'a.jpg' } as FileRef
const paper: Paper = { paper_id: 'p1', kind: 'verification', number: 'J-1', issuer: '市计量院', grade: null, holder: null, valid_from: '2026-01-01', valid_to: '2026-12-31', scan }
const refusal = (code: string, errors: Problem['errors'] = [], details = {}) => new Problem(422, code, '填写有误', errors, undefined, details)

describe('a form of a filing', () => {
  const fields = basicsFields([{ code: '310000', name: '上海市' }], true)

  it('begins with every field, and sends blanks as nothing and whole numbers as numbers', () => {
    const values = startOf(fields, { name: '清源运维', staff: 12, scope: ['other'] })
    expect(values).toMatchObject({ name: '清源运维', staff: '12', scope: ['other'], address: '' })
    expect(sentOf(fields, { ...values, name: ' 清源运维 ' })).toMatchObject({ name: '清源运维', staff: 12, address: null, scope: ['other'] })
  })

  it('says what is missing and what is no number', () => {
    const said = problemsOf(fields, { ...startOf(fields), name: '清源运维', staff: '十', registered_capital: '500.5', scope: [] })
    expect(said).toMatchObject({ staff: '员工人数应为整数。', scope: '请填写业务范围。', scope_other: '请填写其他业务范围。' })
    expect(said.name ?? said.registered_capital).toBeUndefined()
  })

  it('asks for a name only of somebody new, and offers colleagues as accounts', () => {
    expect(fieldsOf('person', [{ id: '7', label: '张三' }]).find(({ key }) => key === 'account_id')?.choices).toEqual([{ value: '7', text: '张三' }])
    expect([true, false].map((isNew) => fieldsOf('person', [], isNew)[0]?.required)).toEqual([true, false])
  })
})

describe('a paper', () => {
  it('goes into a form and out of it unchanged', () => expect(sentPaper(draftOfPaper(paper))).toEqual(paper))
  it('is renewed under an id of its own, without what is new on it', () => {
    expect(renewalOf(paper)).toMatchObject({ kind: 'verification', issuer: '市计量院', number: '', valid_to: '', scan: null })
    expect(renewalOf(paper).paper_id).not.toBe('p1')
  })
  it('is blank until something is typed or scanned', () => expect([isBlank(newPaper('lease')), isBlank({ ...newPaper('lease'), scan }), isBlank({ ...newPaper('lease'), holder: '我' })]).toEqual([true, false, false]))
  it('cannot end before it begins', () => {
    expect(paperProblems([draftOfPaper(paper), { ...draftOfPaper(paper), valid_to: '2025-12-31' }])).toEqual({ 'papers.1.valid_to': '有效期止早于有效期起，请核对。' })
  })
  it('brings the word of files only for a scan that is new', () => {
    expect([newFiles([paper]), newFiles([paper], [paper]), newFiles([{ scan: null }])]).toEqual([[scan], [], []])
  })
  it('of a lease asks for the lessee, and of a vehicle for no issuer', () => {
    expect([paperFields('lease'), paperFields('vehicle_licence')].map((found) => found.map(({ key }) => key))).toEqual([['number', 'issuer', 'holder', 'valid_from', 'valid_to'], ['number', 'valid_from', 'valid_to']])
  })
})

describe('what is sent of a resource', () => {
  it('has the name of a person beside the particulars, and only where it is new', () => {
    const fields = fieldsOf('person')
    const values = { ...startOf(fields), name: '张三', post: '工程师', technical_posts: ['maintenance'], joined_on: '2020-01-01' }
    const sent = resourceBody('person', fields, values, [], '')
    expect([sent.name, 'name' in sent.particulars, sent.particulars.kind]).toEqual(['张三', false, 'person'])
    expect(resourceBody('person', fields, values, [], '张三')).not.toHaveProperty('name')
  })
  it('has the name of a device among its particulars', () => {
    const fields = fieldsOf('device')
    expect(resourceBody('device', fields, { ...startOf(fields), name: '浊度仪' }, [draftOfPaper(paper)], '')).toMatchObject({ particulars: { kind: 'device', name: '浊度仪', papers: [paper] } })
  })
})

describe('people of the basics', () => {
  const known = { legal_representative: { name: '李' }, contact: { name: '王', phone: '021' } } as People
  const values = { legal_representative: '李', contact_name: '王', contact_phone: '021' }
  it('are sent only where they were typed anew', () => {
    expect([peopleOf(values, known), peopleOf({ ...values, contact_phone: '022' }, known), peopleOf({ ...values, legal_representative: '' }, known)]).toEqual([{}, { contact: { name: '王', phone: '022' } }, {}])
    expect(peopleOf(values, null)).toEqual({ legal_representative: { name: '李' }, contact: { name: '王', phone: '021' } })
  })
  it('have a name and a number together', () => {
    expect([contactProblems(values), contactProblems({ contact_name: '王' }), contactProblems({ contact_phone: '021' }), contactProblems({ contact_name: '王', contact_phone: '电话' })].map((found) => Object.keys(found))).toEqual([[], ['contact_phone'], ['contact_name'], ['contact_phone']])
  })
})

describe('a refusal', () => {
  it('stands at the field of the form', () => {
    const fields = ['basics.uscc', 'particulars.papers.0.valid_to', 'contact.phone', 'legal_representative.name', 'changed_on', 'particulars.person.post']
    const said = saidByForm(refusal('command.invalid', fields.map((field) => ({ field, rule: 'x', sentence: '不对。' }))))
    expect(Object.keys(said)).toEqual(['uscc', 'papers.0.valid_to', 'contact_phone', 'legal_representative', 'changed_on', 'post'])
  })

  it.each([['operator-uscc.taken', 'uscc'], ['plate.taken', 'plate'], ['device-serial.taken', 'serial_number']])('%s stands at %s', (code, field) => {
    expect(Object.keys(saidByForm(refusal(code)))).toEqual([field])
  })

  it('of a taken certificate stands at the paper that has this number', () => {
    const papers = [{ number: 'A' }, { number: ' B ' }]
    expect(['B', 'C'].map((value) => Object.keys(saidByForm(refusal('certificate-number.taken', [], { value }), papers)))).toEqual([['papers.1.number'], ['papers']])
  })

  it('of a submission leads to the resource or to the basics', () => {
    const id = '01890000-0000-7000-8000-000000000001'
    expect([`resources.${id}.papers.0.scan`, `resources.${id}.papers`, 'basics.business_licence', 'contact', 'basics'].map(placeOf)).toEqual([
      { resource: id, field: 'papers.0.scan' }, { resource: id, field: 'papers' }, { resource: null, field: 'business_licence' }, { resource: null, field: 'contact_name' }, { resource: null, field: '' },
    ])
  })
})

it('what another has saved goes under what I have typed', () => {
  const base = { name: 'A', address: '甲', staff: '1' }
  const merged = rebased(base, { name: 'A', address: '乙', staff: '2' }, { name: 'B', address: '甲', staff: '3' })
  expect(merged).toEqual({ values: { name: 'B', address: '乙', staff: '3' }, theirs: ['address'], both: ['staff'] })
})

it('a plate is sent as it is painted, however it was typed', () => {
  expect(['沪ad12345', ' 沪Ａ１２３ 45 ', '沪A12345'].map(normalisedPlate)).toEqual(['沪AD12345', '沪A12345', '沪A12345'])
  expect(sentOf(fieldsOf('vehicle'), { plate: '沪ad12345', ownership: 'owned' })).toEqual({ plate: '沪AD12345', ownership: 'owned' })
})
