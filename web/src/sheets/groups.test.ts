import { expect, it } from 'vitest'
import { filledGroups, stillFilled } from './groups'
import type { Form } from './types'

const FORM = { layout: [{ group: '运行状况', fields: ['a', 'b'] }, { table: 'a', title: '异常', columns: ['a'] }, { group: '站房', fields: ['c'] }, { group: '备注', fields: ['d'] }] } as unknown as Form

it('names the groups in the form\'s order, with how much of each', () => {
  expect(filledGroups(FORM, ['c', 'a', 'b'])).toBe('运行状况 2 项、站房 1 项')
  expect(filledGroups(FORM, ['gone'])).toBe('')
  expect(filledGroups(FORM, null)).toBe('')
})

it('forgets what a person answered differently since', () => {
  expect(stillFilled({ a: '正常', b: '异常' }, ['a', 'b', 'c'])).toEqual(['a'])
  expect(stillFilled({ a: '正常' }, undefined)).toEqual([])
})
