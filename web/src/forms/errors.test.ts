import { describe, expect, it } from 'vitest'
import { Problem } from '../api/problem'
import { nextTick, reactive, ref, shallowRef } from 'vue'
import { dropTouched, goesWhenTouched, PLACE, saidOf, saidOfParts, unplaced } from './errors'

const refused = new Problem(422, 'command.invalid', '填写有误', [
  { field: 'particulars.location.longitude', rule: 'decimal_parsing', sentence: '应填写数字。' },
  { field: 'particulars.location.latitude', rule: 'less_than_equal', sentence: '不能大于 90。' },
  { field: 'particulars.name', rule: 'too-long', sentence: '名称过长。' },
  { field: 'particulars.name', rule: 'characters', sentence: '含有无法识别的字符。' },
  { field: 'outlet_id', rule: 'missing', sentence: '没有这个排口。' },
])

describe('what the server says of a field', () => {
  it('stands at the field, also where it is of one of its parts', () => {
    expect(saidOf(refused.byField, 'location')).toBe('应填写数字。不能大于 90。')
    expect(saidOf(refused.byField, 'location.latitude')).toBe('不能大于 90。')
    expect(saidOf({ 'factors.0': '没有这个因子。', 'factors.2': '没有这个因子。', factors_more: '另一栏。' }, 'factors')).toBe('没有这个因子。')
    expect(saidOf(refused.byField, 'code')).toBe('')
  })

  it('stands at its line, and nothing of its neighbours does', () => {
    expect(saidOf({ 'items.1.rule': '甲。', 'items.1': '乙。', 'items.10.rule': '丙。', items: '丁。' }, 'items.1')).toBe('甲。乙。')
  })

  it('names the part where a field has several inputs', () => {
    expect(saidOfParts(refused.byField, 'location', PLACE)).toBe('经度：应填写数字。纬度：不能大于 90。')
    expect(saidOfParts({ location: '请填写经纬度。' }, 'location', PLACE)).toBe('请填写经纬度。')
    expect(saidOfParts(refused.byField, 'code', PLACE)).toBe('')
  })

  it('is whole where one field has several faults', () => {
    expect(saidOf(refused.byField, 'name')).toBe('名称过长。含有无法识别的字符。')
  })

  it('is told beside the form where no field of it is meant', () => {
    expect(unplaced(refused.byField, ['name', 'location'])).toEqual(['没有这个排口。'])
    expect(unplaced(refused.byField, ['name', 'location', 'outlet_id'])).toEqual([])
  })

  it('goes when the field is touched, and no other', () => {
    const errors = refused.byField
    dropTouched(errors, { name: '新', location: '{"longitude":"1"}' }, { name: '新', location: '{"longitude":""}' })
    expect(Object.keys(errors)).toEqual(['name', 'outlet_id'])
  })
})

describe('a refusal that a form keeps whole', () => {
  const of = (...fields: string[]) => new Problem(422, 'x', '填写有误', fields.map((field) => ({ field, rule: 'r', sentence: `${field}不对。` })))

  it('says nothing more of a field once it is changed, and still says it of the others', async () => {
    const values = reactive({ account: 'a', password: 'short' })
    const problem = shallowRef<Problem | null>(of('name', 'password'))
    const differ = ref('两次输入的密码不同。')
    goesWhenTouched(values, problem, differ, { account: 'name' })
    values.password = 'long enough now'
    await nextTick()
    expect(problem.value?.byField).toEqual({ name: 'name不对。' })
    expect(differ.value).toBe('')
    values.account = 'b'
    await nextTick()
    expect(problem.value).toBeNull()
  })

  it('goes with any change where it is said of no field', async () => {
    const values = reactive({ code: '' })
    const problem = shallowRef<Problem | null>(new Problem(409, 'x', '授权码不正确。'))
    goesWhenTouched(values, problem)
    values.code = '1'
    await nextTick()
    expect(problem.value).toBeNull()
  })
})
