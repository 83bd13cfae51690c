import { mount, RouterLinkStub } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import type { Cycle } from '../../api/types'
import OtherContract from './OtherContract.vue'

const shown = (cycle: Partial<Cycle>) => mount(OtherContract, { props: { cycle: { under: null, by_others: null, ...cycle } as Cycle }, global: { stubs: { RouterLink: RouterLinkStub } } })

describe('a window and other contracts', () => {
  it('says under which contract its operator did it', () => {
    const page = shown({ under: { id: 'c', number: 'HT-2' } })
    expect(page.text()).toBe('按另一份合同完成：HT-2')
    expect(page.getComponent(RouterLinkStub).props('to')).toBe('/contracts/c')
  })

  it('says that only another operator did it, under which contract, and that this does not count', () => {
    const page = shown({ by_others: { visit_id: 'v', day: '2026-11-04', operator_name: '他人运维', contract: { id: 'c', number: 'HT-9' } } })
    expect(page.text().replace(/\s+/g, '')).toBe('另有他人运维2026-11-04的运维（合同HT-9），不计入本计划')
    expect(page.findAllComponents(RouterLinkStub).map((link) => link.props('to'))).toEqual(['/visits/v', '/contracts/c'])
  })

  it('is silent where there is nothing to say', () => {
    expect(shown({}).text()).toBe('')
  })
})
