import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import SearchPick from './SearchPick.vue'

vi.mock('element-plus/es', async () => {
  const { defineComponent, h } = await import('vue')
  return {
    ElSelect: defineComponent({ name: 'ElSelect', props: ['modelValue', 'remoteMethod'], emits: ['update:modelValue', 'visible-change'], setup: (_, { slots }) => () => h('div', [slots.default?.(), slots.footer?.()]) }),
    ElOption: defineComponent({ name: 'ElOption', props: ['value', 'label'], setup: (props) => () => h('i', `${props.value} ${props.label}`) }),
  }
})

const asked: string[] = []
let answer: { items: { id: string; name: string; detail: string }[]; more: boolean }
let pick: VueWrapper
const offered = () => pick.findAll('i').map((option) => option.text())
const search = async (text: string) => {
  void pick.findComponent({ name: 'ElSelect' }).props('remoteMethod')(text)
  await flushPromises()
}

describe('a choice that is searched for by name', () => {
  beforeEach(() => {
    asked.length = 0
    vi.stubGlobal('fetch', async (request: Request) => (asked.push(new URL(request.url).search), Response.json(answer)))
  })

  it('asks for the name of what the address names, and keeps it among what is found later', async () => {
    answer = { items: [{ id: '7', name: '甲公司', detail: '' }], more: false }
    pick = mount(SearchPick, { props: { modelValue: '7', of: 'operator', label: '运维机构', enterpriseId: '1' } })
    await flushPromises()
    expect([asked, offered()]).toEqual([['?of=operator&id=7'], ['7 甲公司']])
    answer = { items: [{ id: '8', name: '乙公司', detail: '' }], more: true }
    await search('乙')
    expect([asked[1], offered()]).toEqual([`?of=operator&search=${encodeURIComponent('乙')}&enterprise_id=1`, ['8 乙公司', '7 甲公司']])
    expect(pick.text()).toContain('还有更多')
  })

  it('shows no id where one may not know the name', async () => {
    answer = { items: [], more: false }
    pick = mount(SearchPick, { props: { modelValue: '', of: 'enterprise', label: '排污单位' } })
    await pick.setProps({ modelValue: '9' })
    await nextTick()
    await flushPromises()
    expect(offered()).toEqual(['9 所选'])
  })

  it('shows the answer to the last text only', async () => {
    answer = { items: [], more: false }
    pick = mount(SearchPick, { props: { modelValue: '', of: 'enterprise', label: '排污单位' } })
    const waiting: (() => void)[] = []
    vi.stubGlobal('fetch', (request: Request) => new Promise((done) => waiting.push(() => done(Response.json({ items: [{ id: '1', name: new URL(request.url).searchParams.get('search')!, detail: '' }], more: false })))))
    void search('旧')
    void search('新')
    await vi.waitFor(() => expect(waiting.length).toBe(2))
    waiting[1]!()
    await flushPromises()
    waiting[0]!()
    await flushPromises()
    expect(offered()).toEqual(['1 新'])
  })
})
