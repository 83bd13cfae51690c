import { describe, expect, it } from 'vitest'
import type { FileRef } from '../../api/types'
import { daysText, draftOfEntry, entryProblems, hoursByPerson, hoursOf, newEntry, newFilesOf, ofKind, sentEntry, yearIn, yearsOf } from './annual'
import type { AnnualEntry, RecordedEntry } from './types'

const file = { sha256: 'a'.repeat(64), size: 9, media_type: 'application/pdf', name: '证书.pdf' } as FileRef
const training = { entry_id: 'e1', kind: 'training', first_day: '2026-03-02', last_day: '2026-03-03', content: 'HJ 355', hours: '0.1', participants: ['1', '2'], files: [file] } as AnnualEntry
const row = (changed: Partial<AnnualEntry> = {}) => ({ entry: { ...training, ...changed }, late: false, recorded_at: '2026-03-04T00:00:00Z' }) as RecordedEntry

describe('years', () => {
  it('are those with information, this one and the one that is shown', () => expect(yearsOf([2024, 2026], 2026, 2023)).toEqual([2026, 2024, 2023]))
  it.each([['2024', 2024], ['', 2026], ['2027', 2026], ['1999', 2026], ['abcd', 2026], ['20244', 2026]])('of the address %s is %s', (text, year) => expect(yearIn(text, 2026)).toBe(year))
})

describe('hours', () => {
  it('are added by kind without the dust of binary fractions', () => {
    const rows = [row(), row({ hours: '0.2' }), row({ kind: 'education', hours: '8' })]
    expect([hoursOf(ofKind(rows, 'training')), hoursOf(rows), hoursOf([])]).toEqual([0.3, 8.3, 0])
  })

  it('are added by person, each with the hours of all that the person took part in', () => {
    const found = hoursByPerson([row({ hours: '4' }), row({ kind: 'supervision', hours: '2.5', participants: ['2'] }), row({ participants: [] })])
    expect(found).toEqual([{ id: '2', hours: { education: 0, training: 4, supervision: 2.5 }, all: 6.5 }, { id: '1', hours: { education: 0, training: 4, supervision: 0 }, all: 4 }])
  })
})

it('days are said as a day, or from and to', () => {
  expect([daysText(training), daysText({ first_day: '2026-03-02', last_day: '2026-03-02' })]).toEqual(['2026-03-02 至 2026-03-03', '2026-03-02'])
})

describe('an entry in the form', () => {
  it('needs days, content and hours', () => {
    expect(entryProblems(newEntry('training'), 2026)).toEqual({ first_day: '请填写开始日期。', last_day: '请填写结束日期。', content: '请填写内容。', hours: '请填写学时。' })
    expect(entryProblems(draftOfEntry(training), 2026)).toEqual({})
  })

  it.each([
    [{ hours: '十二' }, 'hours', '学时应为数字。'],
    [{ last_day: '2026-03-01' }, 'last_day', '结束日期早于开始日期。'],
    [{ first_day: '2025-12-31' }, 'first_day', '日期应在 2026 年内；跨年的请分年填写。'],
    [{ last_day: '2027-01-01' }, 'last_day', '日期应在 2026 年内；跨年的请分年填写。'],
  ])('cannot be %o', (changed, field, sentence) => expect(entryProblems({ ...draftOfEntry(training), ...changed }, 2026)).toEqual({ [field]: sentence }))

  it('keeps its id, and changes nothing of what it began with', () => {
    const draft = draftOfEntry(training)
    draft.participants.push('3')
    expect([draft.entry_id, training.participants]).toEqual(['e1', ['1', '2']])
    expect(sentEntry({ ...draft, content: ' 规范 ', hours: ' 12 ' })).toMatchObject({ entry_id: 'e1', content: '规范', hours: '12' })
  })
})

it('only files that were not there before have to be vouched for', () => {
  const other = { ...file, sha256: 'b'.repeat(64) }
  expect([newFilesOf([file, other], [file]), newFilesOf([file])]).toEqual([[other], [file]])
})
