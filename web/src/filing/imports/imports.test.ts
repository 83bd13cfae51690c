import { describe, expect, it } from 'vitest'
import type { ImportedRow, ResourceImport } from '../types'
import { BLOCKED, counted, headline, matched, wantedScans, type Outcome } from './imports'

const row = (outcome: Outcome, scan: string | null = null, paper_id: string | null = scan && `p-${scan}`): ImportedRow =>
  ({ sheet: '人员', row: 2, kind: 'person', title: '王工', outcome, scan, resource_id: 'r', paper_id })
const found = (...rows: ImportedRow[]): ResourceImport => ({ file_name: '名单.xlsx', rows, problems: [], notes: [], blocked: false, left_out: 0, sheets_not_read: [] })
const names = (...given: string[]) => given.map((name) => ({ name }))

describe('what became of a workbook', () => {
  it('is said in one sentence before and after', () => {
    expect(headline(found(row('new'), row('refused'), row('there')))).toBe('共 3 行，1 行可以登记，1 行有问题。')
    expect(headline(found(row('there')))).toBe('共 1 行，没有新的可以登记。')
    expect(headline(found(row('added'), row('refused')))).toBe('已登记 1 行，1 行有问题。')
    expect(headline({ ...found(row('new')), blocked: true })).toBe(BLOCKED)
  })

  it('names what adds nothing and what was not read', () => {
    expect(counted(found(row('there'), row('ended'), row('new', 'a.pdf', null)))).toEqual(['1 行已登记，没有重复登记。', '1 行已停用，没有重新登记。', '1 行写了扫描件的文件名，登记后按文件名上传。'])
    expect(counted({ ...found(), left_out: 2, sheets_not_read: ['车辆'] })).toEqual(['2 行没有读取。', '没有读取的工作表：车辆。'])
  })
})

describe('the scans', () => {
  it('are wanted where a row names one and none is there', () => {
    const wanted = [row('new', 'a.pdf', null), row('added', 'b.pdf'), row('there', 'c.pdf')]
    expect(wantedScans(found(...wanted, row('there', 'd.pdf', null), row('refused', 'e.pdf', null), row('added')))).toEqual(wanted)
  })

  it('are matched by file name, whatever its width and case', () => {
    const rows = [row('added', '王工.PDF'), row('added', 'Ａ1.jpg'), row('added', '李工'), row('added', '没有.pdf')]
    const { matches, left } = matched(names('王工.pdf', 'a1.jpg', '李工.jpeg', '多余.png'), rows)
    expect(matches.map((match) => [match.row.scan, match.file.name])).toEqual([['王工.PDF', '王工.pdf'], ['Ａ1.jpg', 'a1.jpg'], ['李工', '李工.jpeg']])
    expect(left.map(({ name }) => name)).toEqual(['多余.png'])
  })

  it('of another ending do not match, and one file may be that of several rows', () => {
    expect(matched(names('王工.jpg'), [row('added', '王工.pdf')]).matches).toEqual([])
    expect(matched(names('一起.pdf'), [row('added', '一起.pdf', 'p1'), row('added', '一起.pdf', 'p2')]).matches).toHaveLength(2)
  })
})
