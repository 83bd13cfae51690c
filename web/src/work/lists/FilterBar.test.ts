import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import FilterBar from './FilterBar.vue'

vi.mock('element-plus/es', async () => {
  const { defineComponent, h } = await import('vue')
  return { ElButton: defineComponent({ name: 'ElButton', setup: (_, { slots }) => () => h('button', { type: 'button' }, slots.default?.()) }) }
})

/** A window whose width can be changed while the page stands. */
function windowOf(width: number) {
  const heard: (() => void)[] = []
  const query = { matches: width < 700, addEventListener: (_: string, listener: () => void) => heard.push(listener), removeEventListener: () => heard.splice(0) }
  const asked: string[] = []
  vi.stubGlobal('matchMedia', (text: string) => (asked.push(text), query))
  return { asked, heard, resize: (now: number) => ((query.matches = now < 700), heard.forEach((listener) => listener())) }
}
const bar = (count: number) => mount(FilterBar, { props: { count }, slots: { default: '<i>条件</i>', first: '<b>名称</b>' }, attachTo: document.body })
const shown = (wrapper: ReturnType<typeof bar>) => wrapper.find('.fields').isVisible()

describe('the filters of a list', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('stand as they are in a wide window', () => {
    windowOf(1280)
    const wrapper = bar(3)
    expect([shown(wrapper), wrapper.find('button').exists()]).toEqual([true, false])
  })

  it('are folded in a narrow one behind a button that says how many are set', async () => {
    const { asked } = windowOf(390)
    const wrapper = bar(3)
    expect(asked).toEqual(['(max-width: 699px)'])
    expect([shown(wrapper), wrapper.find('button').text(), wrapper.find('b').isVisible()]).toEqual([false, '筛选（3）', true])
    expect(wrapper.find('button').attributes('aria-expanded')).toBe('false')
    await wrapper.find('button').trigger('click')
    expect([shown(wrapper), wrapper.find('button').attributes('aria-expanded')]).toEqual([true, 'true'])
    expect(wrapper.emitted('search'), 'opening asks for nothing').toBeUndefined()
    await wrapper.setProps({ count: 0 })
    expect(wrapper.find('button').text()).toBe('筛选')
  })

  it('follow the window, and listen no longer when they are gone', async () => {
    const { resize, heard } = windowOf(390)
    const wrapper = bar(0)
    resize(1280)
    await nextTick()
    expect([shown(wrapper), wrapper.find('button').exists()]).toEqual([true, false])
    wrapper.unmount()
    expect(heard).toEqual([])
  })
})
