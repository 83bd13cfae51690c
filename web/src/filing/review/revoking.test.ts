import { flushPromises, mount } from '@vue/test-utils'
import { ElMessageBox } from 'element-plus'
import { createPinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'
import { Problem } from '../../api/problem'
import { today } from '../../days'
import { plusDays } from '../../work/dates'
import type { Paper } from '../types'
import RevokeDialog from './RevokeDialog.vue'

vi.mock('element-plus/es', async () => {
  const { defineComponent, h } = await import('vue')
  const ElDialog = defineComponent({ props: ['modelValue'], setup: (props, { slots }) => () => (props.modelValue ? h('div', [slots.default?.(), slots.footer?.()]) : null) })
  const ElFormItem = defineComponent({ props: ['error'], setup: (props, { slots }) => () => h('div', [slots.default?.(), h('em', props.error)]) })
  const block = defineComponent({ props: ['title'], setup: (props, { slots }) => () => h('div', [props.title, slots.default?.()]) })
  const field = (name: string) => defineComponent({ name, props: ['modelValue'], emits: ['update:modelValue'], setup: () => () => h('input') })
  const ElButton = defineComponent({ emits: ['click'], setup: (_, { slots, emit }) => () => h('button', { onClick: () => emit('click') }, slots.default?.()) })
  return { ElMessage: vi.fn(), ElMessageBox: { confirm: vi.fn() }, ElDialog, ElFormItem, ElForm: block, ElAlert: block, ElButton, ElInput: field('ElInput'), ElDatePicker: field('ElDatePicker') }
})
const server = vi.hoisted(() => ({ heard: [] as unknown[], refuse: null as unknown }))
vi.mock('./asking', () => ({
  revokePaper: async (resource: string, paper: string, body: unknown) => {
    server.heard.push([resource, paper, body])
    if (server.refuse) throw server.refuse
  },
}))

const confirms = vi.mocked(ElMessageBox.confirm)
async function opened() {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: RevokeDialog }] })
  await router.push('/')
  const page = mount(RouterView, { global: { plugins: [router, createPinia()] } })
  await flushPromises()
  const dialog = page.findComponent(RevokeDialog)
  ;(dialog.vm as unknown as { show: (id: string, paper: Paper) => void }).show('r', { paper_id: 'q', kind: 'calibration', number: '5' })
  await flushPromises()
  const write = (name: string, value: string) => dialog.findComponent({ name }).vm.$emit('update:modelValue', value)
  const save = async () => {
    await dialog.findAll('button').at(-1)!.trigger('click')
    await flushPromises()
  }
  return { dialog, write, save }
}

beforeEach(() => {
  Object.assign(server, { heard: [], refuse: null })
  confirms.mockReset().mockResolvedValue('confirm' as never)
})

describe('revoking a paper', () => {
  it('from today on is asked once', async () => {
    const { dialog, write, save } = await opened()
    write('ElInput', ' 证书作假 ')
    await save()
    expect([confirms.mock.calls.length, server.heard]).toEqual([0, [['r', 'q', { first_day: today(), reason: '证书作假' }]]])
    expect([dialog.emitted('done')?.length, dialog.text()]).toEqual([1, ''])
  })

  it('from a day in the past is asked a second time, and a no sends nothing', async () => {
    const { write, save } = await opened()
    const past = plusDays(today(), -1)
    write('ElDatePicker', past)
    write('ElInput', '证书作假')
    confirms.mockRejectedValueOnce('cancel')
    await save()
    expect([server.heard, String(confirms.mock.calls[0]?.[0])]).toEqual([[], expect.stringContaining(past)])
    await save()
    expect(server.heard).toEqual([['r', 'q', { first_day: past, reason: '证书作假' }]])
  })

  it('needs a reason, and shows a refusal', async () => {
    const { dialog, write, save } = await opened()
    await save()
    expect([server.heard, dialog.text().includes('请填写撤销原因。')]).toEqual([[], true])
    write('ElInput', '作假')
    server.refuse = new Problem(409, 'paper.revoked', '这份证件已被撤销。')
    await save()
    expect([dialog.text().includes('这份证件已被撤销。'), dialog.emitted('done')]).toEqual([true, undefined])
  })
})
