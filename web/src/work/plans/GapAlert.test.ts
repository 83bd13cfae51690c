import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import GapAlert from './GapAlert.vue'

const shown = (sentences: string[], reason?: string) =>
  mount(GapAlert, { props: { sentences, reason }, global: { stubs: { ElAlert: { template: '<div><slot /></div>' } } } }).text()

describe('gaps of a plan', () => {
  it('are listed with the reason that was given', () => {
    expect(shown(['甲证失效。', '乙证失效。'], '已报名')).toBe('甲证失效。乙证失效。仍这样安排的原因：已报名')
  })

  it('are not spoken of where there are none', () => {
    expect(shown([], '已报名')).toBe('')
  })
})
