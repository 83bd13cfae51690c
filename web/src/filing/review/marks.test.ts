import { describe, expect, it } from 'vitest'
import type { Item } from './items'
import { counted, keptMarks, missingIn, PASSED, remarksOf, type Marks } from './marks'

const item = (field: string, resourceId: string | null = null, now = 'x'): Item => ({ key: `${resourceId ?? ''}/${field}`, resourceId, field, label: field, now, before: null, changed: false, files: [], filesBefore: [] })
const back = (reason: string, text = '') => ({ passed: false, reason, text })
const items = [item('name'), item('uscc'), item('papers.0', 'r')]

describe('the remarks of a review', () => {
  it('are what is returned, with its field, its resource and its reason', () => {
    const marks: Marks = { '/name': PASSED, '/uscc': back('mismatch', '  与执照不同 '), 'r/papers.0': back('expired') }
    expect(remarksOf(items, marks)).toEqual([
      { resource_id: null, field: 'uscc', reason: 'mismatch', text: '与执照不同' },
      { resource_id: 'r', field: 'papers.0', reason: 'expired', text: null },
    ])
  })

  it('need a reason each, and one that says nothing needs a text', () => {
    expect(missingIn(items, { '/name': back(''), '/uscc': back('other', ' '), 'r/papers.0': back('other', '缺页') })).toEqual({ '/name': '请选择退回原因。', '/uscc': '请说明退回的原因。' })
    expect(missingIn(items, { '/name': PASSED })).toEqual({})
  })

  it('are counted, and so is what nobody has looked at', () => {
    expect(counted(items, { '/name': PASSED, '/uscc': back('form') })).toEqual({ passed: 1, returned: 1, open: 1 })
    expect(counted(items, {})).toEqual({ passed: 0, returned: 0, open: 3 })
  })
})

describe('marks after a reload of the same submission', () => {
  const marks: Marks = { '/name': PASSED, '/uscc': back('mismatch') }
  it('stay where the content is the same', () => expect(keptMarks(items, items, marks)).toEqual(marks))
  it('go with what is shown otherwise now, and with what is gone', () => {
    expect(keptMarks(items, [item('name', null, 'y'), item('uscc')], marks)).toEqual({ '/uscc': back('mismatch') })
    expect(keptMarks(items, [], marks)).toEqual({})
  })
})
