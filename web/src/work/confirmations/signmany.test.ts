import { flushPromises, mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { Problem } from '../../api/problem'
import type { Account } from '../../api/types'
import type * as Work from '../../api/work'
import { useSession } from '../../session'
import SignManyPage from './SignManyPage.vue'

let asked: string[] = []
const certificate = { account: 'p', mark: 'certificate_missing', relied: false, paper: { paper_id: 'x', kind: 'competence_certificate', number: 'YW-1', valid_from: null, valid_to: '2029-01-01', revoked_from: '2026-11-12' } }
const DEVICES = [{ name: '烟气分析仪', serial_number: 'SN-1', resource_id: 'd', mark: 'calibration_missing', paper: null, relied: false }]
const ofFiling = (id: string) => ({ operator_filing: { state: 'locked', since: '2026-11-01' }, ...(id === 'visit-marked' ? { filing_marks: ['certificate_missing'], certificates: [certificate], devices: DEVICES } : { filing_marks: [], certificates: [], devices: [] }) })

vi.mock('../../api/work', async (original) => ({
  ...(await original<typeof Work>()),
  confirmation: async (id: string) => {
    asked.push(id)
    return { id, visit_id: `visit-${id}`, state: 'opened', content_sha256: 'aa', due_at: '2999-01-01T00:00:00Z', steps: id === 'disputed' ? [{ what: 'disputed' }, { what: 'answered' }] : [] }
  },
  visit: async (id: string) => ({ id, day: '2026-11-27', point_name: id, operator_name: '', content: { text: '{}', sha256: 'aa' }, photos: [], sheets: [], marks: [], ...ofFiling(id) }),
  labels: async () => ({ labels: {} }),
}))
vi.mock('../../api', () => ({ get: async () => ({ forms: [], contents: [], intervals: [], settings: {}, calendar: {} }) }))
vi.mock('../visits/content', () => ({ contentOf: () => ({ sign_in: null, sign_out: null }), peopleOf: () => [] }))

const refused = [{ id: 'c', title: 'c', problem: new Problem(409, 'content.changed', '内容已变化') }]
const SignForm = defineComponent({ emits: ['signed'], setup: (_, { emit }) => () => h('button', { class: 'signed', onClick: () => emit('signed', refused) }) })
const SignOutcomes = defineComponent({ emits: ['again'], setup: (_, { emit }) => () => h('button', { class: 'again', onClick: () => emit('again', refused) }) })

const routes = [{ path: '/', component: SignManyPage }, { path: '/today', name: 'today', component: SignManyPage }]
const stubs = { SignForm, SignOutcomes, VisitSheets: true, PresenceCard: true, MarkTags: true, StateBlock: true }

function who(signs = true) {
  const pinia = createPinia()
  useSession(pinia).account = { id: 'zhou', kind: 'enterprise', signs } as Account
  return pinia
}

describe('signing many', () => {
  it('offers nothing to sign with to who may only read', async () => {
    for (const [signs, buttons] of [[true, ['上一项', '本项暂不签', '已核对，下一项']], [false, ['上一项', '下一项']]] as const) {
      const router = createRouter({ history: createMemoryHistory(), routes })
      await router.push('/?ids=a,b')
      const page = mount(SignManyPage, { global: { plugins: [router, who(signs)], stubs } })
      await flushPromises()
      expect(page.findAll('footer button').map((button) => button.text())).toEqual(buttons)
      expect(page.text().includes('只有签字人可以签字')).toBe(!signs)
      page.unmount()
    }
  })

  it('shows the objection and its answer before what was disputed is signed', async () => {
    const router = createRouter({ history: createMemoryHistory(), routes })
    await router.push('/?ids=disputed,a')
    const page = mount(SignManyPage, { global: { plugins: [router, who()], stubs: { ...stubs, StepList: true } } })
    await flushPromises()
    expect(page.find('.steps').text()).toContain('请先看异议和答复')
    await page.findAll('footer button').at(-1)?.trigger('click')
    await flushPromises()
    expect(page.find('.steps').exists()).toBe(false)
  })

  it('shows what filings say of the people before the visit is taken, and once more where it is signed', async () => {
    const router = createRouter({ history: createMemoryHistory(), routes })
    await router.push('/?ids=marked,plain')
    const page = mount(SignManyPage, { global: { plugins: [router, who()], stubs: { ...stubs, MarkTags: false } } })
    await flushPromises()
    for (const said of ['证书未覆盖当日', '按现在的备案得出，不属于签字的内容', '人员证书', 'YW-1', '2026-11-12', '烟气分析仪 SN-1']) expect(page.text()).toContain(said)
    const next = async () => { await page.findAll('footer button').at(-1)?.trigger('click'); await flushPromises() }
    await next()
    expect(page.text()).not.toContain('证书未覆盖当日')
    await next()
    expect(page.findAll('.sign li').map((line) => line.text().includes('证书未覆盖当日'))).toEqual([true, false])
  })

  it('looks again at what was refused, and at nothing else', async () => {
    const router = createRouter({ history: createMemoryHistory(), routes })
    asked = []
    await router.push('/?ids=a,b,c')
    const global = { plugins: [router, who()], stubs }
    const page = mount(SignManyPage, { global })
    await flushPromises()
    for (let index = 0; index < 3; index++) {
      await page.findAll('footer button').at(-1)?.trigger('click')
      await flushPromises()
    }
    expect(asked).toEqual(['a', 'b', 'c'])
    await page.find('.signed').trigger('click')
    await page.find('.again').trigger('click')
    await flushPromises()
    expect(asked).toEqual(['a', 'b', 'c', 'c'])
    expect(page.find('.title h2').text()).toBe('visit-c')
  })
})
