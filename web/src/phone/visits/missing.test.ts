import { describe, expect, it } from 'vitest'
import type { Form, Problem } from '../../sheets'
import { elementOf, firstOf } from './missing'

const FORM = { layout: [{ group: '基本', fields: ['zeta', 'alpha'] }, { table: 'readings', title: '读数', columns: ['when', 'after'] }, { group: '备注', fields: ['beta'] }] } as unknown as Form
const problem = (field: string): Problem => ({ field, rule: 'required', sentence: '' })
const first = (...fields: string[]): string | undefined => firstOf(FORM, fields.map(problem))?.field

describe('the first field to go to', () => {
  it('is the first on the page, whatever the names', () => {
    expect(first('alpha', 'beta', 'zeta')).toBe('zeta')
    expect(first('beta', 'readings.0.after')).toBe('readings.0.after')
  })

  it('is the first row, of ten and more too, and there the first column; a table without rows comes first', () => {
    expect(first('readings.10.when', 'readings.2.after', 'readings.2.when')).toBe('readings.2.when')
    expect(first('readings.0.when', 'readings')).toBe('readings')
  })

  it('is one that the page does not have only if there is no other', () => {
    expect(first('', 'beta')).toBe('beta')
    expect(first('')).toBe('')
    expect(first()).toBeUndefined()
  })

  it('is the field in a table, not the table around it', () => {
    const page = document.createElement('div')
    page.innerHTML = '<div data-field="readings"><p data-field="readings.0.after">1</p></div>'
    expect(elementOf(page, 'readings.0.after')?.textContent).toBe('1')
    expect(elementOf(page, 'readings.5.after')?.getAttribute('data-field')).toBe('readings')
    expect(elementOf(page, 'other')).toBeNull()
  })
})
