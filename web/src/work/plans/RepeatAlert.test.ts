import { mount, RouterLinkStub } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import RepeatAlert from './RepeatAlert.vue'

const shown = (repeats: { id: string; name: string; sentence: string }[]) =>
  mount(RepeatAlert, { props: { repeats }, global: { stubs: { RouterLink: RouterLinkStub, ElAlert: { template: '<div><slot /></div>' } } } })

describe('plans that a draft repeats', () => {
  it('are named with what is repeated and a link to each', () => {
    const page = shown([{ id: 'p', name: '12 月计划', sentence: '已有日常巡检。' }])
    expect(page.text()).toBe('已有日常巡检。查看“12 月计划”')
    expect(page.getComponent(RouterLinkStub).props('to')).toBe('/plans/p')
  })

  it('are not spoken of where there are none', () => {
    expect(shown([]).text()).toBe('')
  })
})
