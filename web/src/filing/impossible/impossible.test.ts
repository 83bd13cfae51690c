import { flushPromises, mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import type * as Work from '../../api/work'
import { useSession } from '../../session'
import { useStandards } from '../../work/standards'
import ImpossiblePage from './ImpossiblePage.vue'

const paper = { paper_id: 'p', kind: 'competence_certificate', number: 'YW-1', valid_from: null, valid_to: '2026-12-10', revoked_from: null }
const row = {
  plan_id: 'plan', plan_name: '十二月', item: 0, number: 1, point_id: 'x', content: 'patrol', opens: '2026-12-07', closes: '2026-12-13', verdict: 'at_risk',
  enterprise_name: '清泉化工', point_name: '总测点', why: [{ account: 'a', filed: true, paper }, { account: 'b', filed: false, paper: null }], devices: [] as object[],
}
const whole = { operator_filing: { state: 'filed', since: '2026-11-05' }, last_day: '2026-12-30', figures: { windows: 1200, impossible: 3, at_risk: 1 }, items: [row], count: 4 }
vi.stubGlobal('fetch', async () => new Response('{}', { status: 404 }))
let answer: unknown
const asked: unknown[] = []

vi.mock('../../api/work', async (original) => ({ ...(await original<typeof Work>()), impossible: async (...given: unknown[]) => { asked.push(given); return answer } }))

async function page(kind: 'operator' | 'regulator', path = '/impossible', row: object = whole.items[0]!) {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/impossible', name: 'impossible', component: ImpossiblePage }, { path: '/:rest(.*)*', component: ImpossiblePage }] })
  await router.push(path)
  const pinia = createPinia()
  useStandards(pinia).names = { a: '张三' }
  useSession(pinia).account = { id: 'me', kind, organisation: kind === 'operator' ? 'own' : null } as never
  const ElTable = { props: ['data'], template: '<div><slot /></div>' }
  const ElTableColumn = { props: ['prop', 'label'], setup: () => ({ row }), template: '<div>{{ label }}：<slot :row="row">{{ row[prop] }}</slot></div>' }
  const StateBlock = { props: ['empty', 'problem'], template: '<div>{{ empty }}</div>' }
  const shown = mount(ImpossiblePage, { global: { plugins: [router, pinia], stubs: { ElTable, ElTableColumn, StateBlock, ListPages: true, SearchPick: true, ChoicePick: true, ElButton: true } } })
  await flushPromises()
  return shown
}

beforeEach(() => {
  asked.length = 0
  answer = whole
})

describe('what becomes impossible', () => {
  it('is asked for an operator’s own windows, and says who lacks what', async () => {
    const shown = await page('operator')
    expect(asked).toEqual([['own', { within: 30, page: 1, limit: 50 }]])
    const text = shown.text()
    for (const said of ['1,200 个周期', '3 个周期', '到 2026-12-30 到期，各测点分别计', '2026-12-13', '部分人员无证', '十二月', '巡检', '清泉化工']) expect(text).toContain(said)
    expect(text).toContain('张三：运维能力评定证书 YW-1，有效期至 2026-12-10')
    expect(text).toContain('不是本机构可见的账户：未备案为该机构人员')
    expect(text).not.toContain('未备案，无法按证件判断')
  })

  it('is asked by an office for the operator that it chose', async () => {
    expect((await page('regulator')).text()).toContain('请选择一家运维机构')
    expect(asked).toEqual([])
    await page('regulator', '/impossible?operator_id=other&within=7')
    expect(asked).toEqual([['other', { within: 7, page: 1, limit: 50 }]])
  })

  it('is not judged of an operator that is not filed', async () => {
    answer = { ...whole, operator_filing: { state: 'none', since: null }, items: [], count: 0 }
    const text = (await page('operator')).text()
    expect(text).toContain('该机构未备案，无法按证件判断')
    expect(text).not.toContain('十二月')
  })

  it('names the devices without a calibration, and says that nobody lacks a certificate', async () => {
    const devices = [
      { resource_id: 'd', name: '烟气分析仪', serial_number: 'SN-1', paper: { ...paper, kind: 'calibration', number: 'JZ-1' } },
      { resource_id: 'e', name: '流量计', serial_number: 'SN-2', paper: null },
    ]
    const text = (await page('operator', '/impossible', { ...whole.items[0], why: [], devices })).text()
    expect(text).toContain('判断：设备未检定校准')
    expect(text).toContain('烟气分析仪（SN-1）：校准证书 JZ-1，有效期至 2026-12-10')
    expect(text).toContain('流量计（SN-2）：没有已备案的检定或校准证书')
  })

  it('may be nothing', async () => {
    answer = { ...whole, items: [], count: 0 }
    expect((await page('operator')).text()).toContain('安排的人员和设备都有有效证件')
  })
})
