import { describe, expect, it } from 'vitest'
import type { Import } from '../api/types'
import { counted, headline, repeated } from './imports'

const found: Import = {
  id: '1', enterprise_id: '2', file_name: '仪器.xlsx', state: 'ready', rows: 5, checked: 5, written: 0, problems: [], notes: [], summary: {}, earlier: null,
}

describe('what an import came to', () => {
  it('says how many are new and how many only repeat the register', () => {
    expect(headline({ ...found, summary: { read: 5, new: 2 } })).toBe('5 行全部通过检查，其中 2 台是新仪器，确认后写入。')
    expect(headline({ ...found, summary: { read: 5, new: 0 } })).toContain('无需写入')
    expect(headline({ ...found, state: 'done', written: 0 })).toContain('没有变化')
  })

  it('says when the same workbook was uploaded before, and what became of it', () => {
    expect(repeated(found)).toBeNull()
    const earlier = { id: '0', at: '2026-11-24T04:00:00Z', state: 'done' as const, own: true }
    expect(repeated({ ...found, earlier })).toMatch(/^同一个文件已于 2026-11-24 .* 上传过，那一次已经写入。$/)
  })

  it('says why a file failed, and counts problems beyond those that are listed', () => {
    const problem = { field: '', rule: 'import', sentence: '文件无法读取。', sheet: '', row: 0, column: '', cell: '' }
    expect(headline({ ...found, state: 'failed', problems: [problem] })).toBe('文件无法读取。')
    expect(headline({ ...found, state: 'refused', summary: { problems: 2_100 } })).toContain('2100 处')
  })

  it('names what was changed, left out and not read', () => {
    expect(counted({ read: 5, unchanged: 3, ended: 0, changed: 1, left_out: 2, sheets_not_read: ['备忘'] })).toEqual([
      '文件中有 7 行：3 行与登记一致，1 行的内容在读取时有改动，2 行没有导入。', '没有读取的工作表：备忘。',
    ])
    expect(counted({ read: 4, unchanged: 3, ended: 1, left_out: 1 })).toEqual(['文件中有 4 行：3 行与登记一致，1 行已停用。'])
    expect(counted({ read: 5, new: 5, sheets_not_read: [] })).toEqual([])
    expect(counted({})).toEqual([])
  })
})
