import { mount } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'
import type { Outlet } from '../api/types'
import PointTree from './PointTree.vue'

// A dropdown that shows its items and tells their commands: the library's own opens on a click, elsewhere in the page.
vi.mock('element-plus/es', async () => {
  const { defineComponent, h, inject, provide } = await import('vue')
  return {
    ElButton: defineComponent({ setup: () => () => null }),
    ElDropdown: defineComponent({
      emits: ['command'],
      setup: (_, { slots, emit }) => { provide('say', (what: string) => emit('command', what)); return () => h('div', slots.dropdown?.()) },
    }),
    ElDropdownMenu: defineComponent({ setup: (_, { slots }) => () => h('div', slots.default?.()) }),
    ElDropdownItem: defineComponent({
      props: ['command'],
      setup: (props, { slots }) => { const say = inject<(what: string) => void>('say')!; return () => h('a', { onClick: () => say(props.command as string) }, slots.default?.()) },
    }),
  }
})

const particulars = { code: 'DW001', name: '总排口', medium: 'wastewater' }
const outlets = [{ id: 'o', particulars, points: [{ id: 'p', particulars, instruments: {} }] }] as unknown as Outlet[]
const tree = (mayVoid: boolean) => mount(PointTree, { props: { modelValue: null, outlets, readOnly: true, mayVoid } })

it('offers to void an outlet and a point to those who may, also to a regulator who may not change them', async () => {
  const shown = tree(true)
  for (const item of shown.findAll('a').filter((link) => link.text() === '误录作废')) await item.trigger('click')
  expect(shown.emitted('voidOutlet')).toEqual([[outlets[0]]])
  expect(shown.emitted('voidPoint')).toEqual([[outlets[0]!.points[0]]])
})

it('does not offer it to others', () => {
  expect(tree(false).text()).not.toContain('误录作废')
})
