import { describe, expect, it } from 'vitest'
import type { Problem } from '../../api/problem'
import type { FileRef } from '../../api/types'
import { documentProblems, documentsOf, draftOfDocument, kindMostMissing, lackOf, missingPoints, newDocument, pointsFound, pointTitle, saidByForm, sentDocument } from './daily'
import type { FiledDocument, PointCoverage } from './types'
import { DOCUMENT_KINDS } from './words'

const file = { sha256: 'a'.repeat(64), size: 9, media_type: 'application/pdf', name: '规程.pdf' } as FileRef
const document = { id: 'd1', version: 2, kind: 'operating_instructions', title: '操作规程', edition: '第 3 版', valid_from: '2026-01-01', filed_at: '2026-01-02T00:00:00Z', points: ['p1', 'p2'], file } as FiledDocument
const point = (point_id: string, missing: PointCoverage['missing'], enterprise_name = '甲厂') => ({ point_id, point_name: `总排口 ${point_id}`, point_code: `DW-${point_id}`, enterprise_id: 'e', enterprise_name, missing }) as PointCoverage
const points = [point('p1', []), point('p2', ['management_rules']), point('p3', ['operating_instructions', 'management_rules'], '乙厂')]

describe('what is missing', () => {
  it('is counted by points and by documents', () => {
    expect(lackOf(points)).toEqual({ points: 2, documents: 3 })
    expect(lackOf([])).toEqual({ points: 0, documents: 0 })
  })

  it('is known by kind, and the kind that most points lack comes first', () => {
    expect(missingPoints(points, 'management_rules')).toEqual(['p2', 'p3'])
    expect(kindMostMissing({ documents: [], points }, DOCUMENT_KINDS)).toBe('management_rules')
    expect(kindMostMissing({ documents: [], points: [] }, DOCUMENT_KINDS)).toBe('operating_instructions')
  })

  it('can be looked at alone, and searched by enterprise, point and code', () => {
    const found = (search: string, only = false) => pointsFound(points, search, only).map(({ point_id }) => point_id)
    expect([found(''), found('', true), found('乙厂'), found('dw-p2'), found('甲厂', true), found('没有')]).toEqual([['p1', 'p2', 'p3'], ['p2', 'p3'], ['p3'], ['p2'], ['p2'], []])
  })
})

it('the documents of a point are those of the kind that name it, the older first', () => {
  const newer = { ...document, id: 'd2', valid_from: '2027-01-01' }
  const found = (at: string, kind: FiledDocument['kind']) => documentsOf([newer, document], at, kind).map(({ id }) => id)
  expect([found('p1', 'operating_instructions'), found('p3', 'operating_instructions'), found('p1', 'management_rules')]).toEqual([['d1', 'd2'], [], []])
})

it('a point is called by what is known of it', () => {
  expect([{ point_name: '总排口', point_code: 'DW1' }, { point_name: '', point_code: 'DW1' }, { point_name: '', point_code: '' }].map(pointTitle)).toEqual(['总排口', 'DW1', '（测点名称未读出）'])
})

describe('a document in the form', () => {
  it('needs everything, and a replacement a reason', () => {
    expect(documentProblems({ ...newDocument('management_rules', [], ''), title: ' ' }, false)).toEqual({ title: '请填写文件名称。', edition: '请填写版次。', valid_from: '请填写生效日期。', points: '请至少选择一个测点。', file: '请上传文件。' })
    expect(documentProblems(draftOfDocument(document), true)).toEqual({ reason: '请填写原因。' })
  })

  it('is sent without spaces around its texts, and without the reason, which stands beside it', () => {
    expect(sentDocument({ ...draftOfDocument(document), title: ' 规程 ', reason: '改版', file })).toEqual({ kind: 'operating_instructions', title: '规程', edition: '第 3 版', valid_from: '2026-01-01', points: ['p1', 'p2'], file })
  })

  it('changes nothing of what it began with', () => {
    draftOfDocument(document).points.push('p9')
    expect(document.points).toEqual(['p1', 'p2'])
  })
})

it('what the server says stands at the fields of each form', () => {
  const errors = ['document.title', 'plan.file', 'entry.first_day', 'entry.files.0', 'reason', 'year'].map((field) => ({ field, rule: 'x', sentence: field }))
  expect(Object.keys(saidByForm({ errors } as unknown as Problem))).toEqual(['title', 'file', 'first_day', 'files.0', 'reason', 'year'])
})
