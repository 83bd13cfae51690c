import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import type { Used } from '../types'
import UsedList from './UsedList.vue'

const PARTS = [{ name: '泵管', model: 'PT-16' }, { name: '滤芯', model: '' }]
const kept: Used = { name: '手写的', model: null, quantity: '2', unit: '瓶', lot: null, expires: null }

function list(parts = PARTS) {
  const wrapper = mount(UsedList, { props: { modelValue: [kept], insist: false, parts } })
  return { wrapper, written: () => (wrapper.emitted('update:modelValue')?.at(-1)?.[0] ?? []) as Used[] }
}

it('a filed part is chosen with its name and model, beside what was typed', async () => {
  const { wrapper, written } = list()
  expect(wrapper.findAll('option').map((option) => option.text())).toEqual(['请选择', '泵管 PT-16', '滤芯'])
  const choice = wrapper.get('select')
  await choice.setValue('0')
  expect(written()).toEqual([kept, { name: '泵管', model: 'PT-16', quantity: '1', unit: '个', lot: null, expires: null }])
  expect(choice.element.value, 'ready for the next choice').toBe('')
  await choice.setValue('1')
  expect(written().at(-1)).toMatchObject({ name: '滤芯', model: null })
})

it('without filed parts everything is typed', () => {
  const { wrapper } = list([])
  expect(wrapper.find('select').exists()).toBe(false)
  expect(wrapper.text()).toContain('添加备品备件、试剂或标气')
})
