import { describe, expect, it } from 'vitest'
import type { FieldView } from '../../sheets'
import { choicesOf, lastTime, nextTap, tapped } from './group'

const view = (name: string, kind: FieldView['kind'], choices: string[] = []): FieldView => ({ name, title: name, kind, required: true, unit: '', choices, length: 0, confidence: null })
const VIEWS = Object.fromEntries([
  view('a', 'choice', ['正常', '异常', '不适用']), view('b', 'choice', ['正常', '异常', '不适用']), view('c', 'choice', ['正常', '异常', '不适用']), view('solved', 'choice', ['是', '否']), view('remark', 'text'),
].map((one) => [one.name, one]))
const GROUP = ['a', 'b', 'c']

describe('a group filled with one tap', () => {
  it('is made of the choices that may be 正常, and is nothing where one tap does it already', () => {
    expect(choicesOf([...GROUP, 'solved', 'remark', 'unknown'], VIEWS)).toEqual(GROUP)
    expect(choicesOf(['a', 'solved', 'remark'], VIEWS)).toEqual([])
  })

  it('answers what is blank and nothing that a person answered', () => {
    expect(tapped(GROUP, { a: '异常', b: '' }, [])).toEqual({ values: { b: '正常', c: '正常' }, by_group: { b: true, c: true } })
  })

  it('is taken back by a second tap, without the answers of a person and of other groups', () => {
    expect(tapped(GROUP, { a: '正常', b: '正常', c: '正常' }, ['x', 'b', 'c'])).toEqual({ values: { b: '', c: '' }, by_group: { b: false, c: false } })
  })

  it('leaves an answer that was changed after the tap', () => {
    expect(tapped(GROUP, { a: '正常', b: '异常', c: '正常' }, GROUP).values).toEqual({ a: '', c: '' })
  })

  it('has nothing to do where a person answered everything', () => {
    expect(nextTap(GROUP, { a: '正常', b: '正常', c: '异常' }, [])).toEqual({ does: 'nothing', fields: [] })
  })

  it('says what the last visit found', () => {
    expect(lastTime(GROUP, { a: '正常', b: '正常' })).toBe('上次均正常')
    expect(lastTime(GROUP, { a: '正常', b: '异常', c: '不适用' })).toBe('上次 2 项不是正常')
    expect(lastTime(GROUP, {})).toBe('')
  })
})
