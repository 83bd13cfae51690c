import { flushPromises, mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { Problem } from '../../api/problem'
import type { Confirmation } from '../../api/types'
import type * as Work from '../../api/work'
import ConfirmationTable from '../confirmations/ConfirmationTable.vue'
import VisitPage from './VisitPage.vue'

const word = {
  id: 'c', visit_id: 'v', state: 'voided', point_name: '总测点', visit_day: '2026-11-27', contents: [],
  steps: [{ what: 'voided', at: '2026-11-28T01:00:00Z', by: null, text: '该次运维的记录在系统恢复时丢失，确认作废。' }],
} as unknown as Confirmation
let known: Record<string, Partial<Confirmation>> = {}

vi.mock('../../api/work', async (original) => ({
  ...(await original<typeof Work>()),
  visit: async () => Promise.reject(new Problem(404, 'visit.missing', '没有找到。')),
  confirmation: async (id: string) => known[id] ?? Promise.reject(new Problem(404, 'confirmation.missing', '没有找到。')),
  labels: async () => ({}),
}))

async function shown(path: string): Promise<string> {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/visits/:id', component: VisitPage }, { path: '/:rest(.*)*', component: VisitPage }] })
  await router.push(path)
  const global = { plugins: [router, createPinia()], stubs: { CorrectionDialog: true, ElTimeline: { template: '<ol><slot /></ol>' }, ElTimelineItem: { template: '<li><slot /></li>' }, StateBlock: { props: ['problem'], template: '<div>{{ problem?.title }}</div>' } } }
  const page = mount(VisitPage, { global })
  await flushPromises()
  return page.text()
}

beforeEach(() => { known = { c: word } })

describe('a visit that a restore has lost', () => {
  it('is said to be there no longer, with what happened to its confirmation', async () => {
    const text = await shown('/visits/v?confirmation=c')
    expect(text).toContain('这次运维已不在')
    expect(text).toContain('该次运维的记录在系统恢复时丢失')
    expect(text).not.toContain('没有找到。')
  })

  it('is like any other that one may not see where no void confirmation of it leads there', async () => {
    for (const path of ['/visits/v', '/visits/other?confirmation=c', '/visits/v?confirmation=nobody’s']) expect(await shown(path)).toBe('没有找到。')
    known = { c: { ...word, state: 'signed' } }
    expect(await shown('/visits/v?confirmation=c')).toBe('没有找到。')
  })

  it('is led to by its confirmation, when that is void', async () => {
    const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)*', component: VisitPage }] })
    const ElTable = { props: ['data'], template: '<div><slot /></div>' }
    for (const [state, query] of [['voided', '?confirmation=c'], ['signed', '']] as const) {
      const row = { ...word, state, technician: '' }
      const ElTableColumn = { setup: () => ({ row }), template: '<div><slot :row="row" /></div>' }
      const table = mount(ConfirmationTable, { props: { rows: [row] }, global: { plugins: [router, createPinia()], stubs: { ElTable, ElTableColumn } } })
      expect(table.findAll('a').map((link) => link.attributes('href'))).toEqual([`/visits/v${query}`, `/visits/v${query}`])
    }
  })
})
