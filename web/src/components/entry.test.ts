import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { ElMessageBox } from 'element-plus'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import type { Account, Entry, Options } from '../api/types'
import { today } from '../days'
import { OUTLET_GROUPS } from '../forms/fields'
import { useSession } from '../session'
import EntryDialog from './EntryDialog.vue'

// Stand-ins with the few properties that count here: the library takes its time to load and is not what is tested.
vi.mock('element-plus/es', async () => {
  const { defineComponent, h } = await import('vue')
  const block = (props: string[]) => defineComponent({ props, setup: (_, { slots }) => () => h('div', [slots.default?.(), slots.footer?.()]) })
  const field = defineComponent({
    props: ['modelValue'], emits: ['update:modelValue'],
    setup: (props, { emit }) => () => h('input', { value: props.modelValue, onInput: (event: Event) => emit('update:modelValue', (event.target as HTMLInputElement).value) }),
  })
  const none = defineComponent({ setup: () => () => null })
  return {
    ElMessage: vi.fn(), ElMessageBox: { confirm: vi.fn() },
    ElDialog: defineComponent({ props: ['modelValue', 'beforeClose'], setup: (props, { slots }) => () => (props.modelValue ? h('div', { class: 'open' }, [slots.default?.(), slots.footer?.()]) : null) }),
    ElFormItem: defineComponent({ props: ['error'], setup: (props, { slots }) => () => h('div', [slots.default?.(), props.error ? h('em', props.error) : null]) }),
    ElButton: defineComponent({ setup: (_, { slots }) => () => h('button', slots.default?.()) }),
    ElForm: block([]), ElAlert: block([]), ElInput: field, ElDatePicker: field, ElSelect: field, ElOption: none, ElAutocomplete: none, ElRadio: none, ElRadioGroup: none,
  }
})

const base = { id: '7', version: 3, valid_from: '2020-01-01', valid_to: null, particulars: { medium: 'wastewater', code: 'DW001', name: '总排口' } } as unknown as Entry
const sent: { valid_from: string; despite_duplicate?: boolean }[] = []
const answers: object[] = []
let page: VueWrapper

const button = (text: string) => page.findAll('button').find((one) => one.text() === text)!.trigger('click').then(flushPromises)
const at = (label: string) => page.find(`input[aria-label="${label}"]`)
const asked = vi.mocked(ElMessageBox.confirm)

beforeEach(async () => {
  sessionStorage.clear()
  sent.length = answers.length = 0
  asked.mockReset()
  setActivePinia(createPinia())
  useSession().$patch({ account: { id: '1' } as Account, options: { datums: [], districts: [] } as unknown as Options })
  vi.stubGlobal('fetch', async (request: Request) => {
    sent.push(await request.json())
    if (answers.length) return Response.json(answers.shift(), { status: 409 })
    const errors = [{ field: 'particulars.location.longitude', rule: 'x', sentence: '应填写数字。' }, { field: 'outlet_id', rule: 'x', sentence: '没有这个排口。' }]
    return Response.json({ code: 'command.invalid', title: '填写有误', errors }, { status: 422 })
  })
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: { render: () => null } }] })
  vi.spyOn(console, 'warn').mockImplementation(() => undefined) // no page stands around the dialog
  page = mount(EntryDialog, { global: { plugins: [router] } })
  const task = { title: '修改排口', path: '/outlets/7/correction', groups: OUTLET_GROUPS, medium: 'wastewater', kept: {}, base, dayLabel: '自何日起有效', needsReason: true }
  await (page.vm as unknown as { show: (task: unknown) => Promise<void> }).show(task)
  await flushPromises()
})

afterEach(() => page.unmount())

describe('a correction', () => {
  it('holds from today, and shows what the server says at its field or, where there is none, above', async () => {
    await at('原因').setValue('写错了')
    await button('保存')
    expect([sent.map((one) => one.valid_from), asked.mock.calls.length]).toEqual([[today()], 0])
    expect(page.find('[data-field="location"] em').text()).toBe('经度：应填写数字。')
    expect(page.findAll('p').map((one) => one.text())).toEqual(['没有这个排口。'])
    await at('经度').setValue('121.1')
    expect(page.find('[data-field="location"] em').exists()).toBe(false)
  })

  it('offers no day before the entry begins', () => {
    const closed = (page.findComponent('[aria-label="自何日起有效"]') as VueWrapper).vm.$attrs['disabled-date'] as (cell: Date) => boolean
    expect([closed(new Date(2019, 11, 31)), closed(new Date(2020, 0, 1))]).toEqual([true, false])
  })

  it('changes the past only when that is meant, and is asked once', async () => {
    await at('原因').setValue('写错了')
    await at('自何日起有效').setValue('2020-06-01')
    asked.mockRejectedValueOnce('cancel')
    await button('保存')
    expect(sent).toEqual([])
    asked.mockResolvedValueOnce('confirm' as never)
    await button('保存')
    await button('保存')
    expect([sent.map((one) => one.valid_from), asked.mock.calls.length]).toEqual([['2020-06-01', '2020-06-01'], 2])
  })

  it('says that an entry is probably there already, leads to it, and goes on only for that one try', async () => {
    const duplicate = { code: 'instrument.duplicate', title: '已登记', instrument_id: '9' }
    answers.push(duplicate, duplicate, duplicate)
    await at('原因').setValue('写错了')
    await button('保存')
    await button('查看已登记的仪器')
    expect(page.emitted('existing')).toEqual([['9']])
    await button('仍然登记')
    await button('保存')
    expect(sent.map((body) => body.despite_duplicate)).toEqual([undefined, true, undefined])
  })

  it('is closed at once where nothing was typed, else only when it is given up', async () => {
    await at('排口名称').setValue('东排口')
    asked.mockRejectedValueOnce('close')
    await button('取消')
    expect(page.find('.open').exists()).toBe(true)
    await at('排口名称').setValue('总排口')
    await button('取消')
    expect([page.find('.open').exists(), asked.mock.calls.length]).toEqual([false, 1])
  })
})
