import { flushPromises, mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter, type Router } from 'vue-router'
import type * as Work from '../../api/work'
import MarkTags from '../../work/shared/MarkTags.vue'
import OperatorFilingTag from '../../work/shared/OperatorFilingTag.vue'
import { useStandards } from '../../work/standards'
import CertificateCard from './CertificateCard.vue'
import DeviceCard from './DeviceCard.vue'
import ReliedPage from './ReliedPage.vue'
import { evidenceOf } from './words'

const paper = { paper_id: 'p', kind: 'competence_certificate', number: 'YW-1', valid_from: '2024-01-01', valid_to: '2026-12-10', revoked_from: '2026-11-12' } as const
const visit = {
  id: 'v', day: '2026-11-23', point_name: '总测点', enterprise_name: '清泉化工', operator_name: '清测', technician: '张三', filing_marks: ['certificate_missing'],
  confirmation: { state: 'signed', signed_at: '2026-11-23T06:00:00Z' }, visit_sheets: [{ sheet_id: 's', form: 'patrol_wastewater', content: 'patrol' }],
}
vi.stubGlobal('fetch', async () => new Response('{}', { status: 404 }))
let answer: unknown
const asked: unknown[] = []

vi.mock('../../api/work', async (original) => ({
  ...(await original<typeof Work>()),
  reliedOn: async (...given: unknown[]) => { asked.push(given); return answer },
  labels: async () => ({}),
}))

const ElTable = { props: ['data'], provide() { return {} }, template: '<div><slot /></div>' }
async function opened(path: string): Promise<Router> {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/papers/:paperId/relied-on', component: ReliedPage }, { path: '/:rest(.*)*', component: ReliedPage }] })
  await router.push(path)
  return router
}

async function page(row: object = visit) {
  const ElTableColumn = { props: ['prop', 'label'], setup: () => ({ row }), template: '<div>{{ label }}：<slot :row="row">{{ row[prop] }}</slot></div>' }
  const StateBlock = { props: ['empty', 'problem'], template: '<div>{{ empty }}{{ problem?.title }}</div>' }
  const shown = mount(ReliedPage, { global: { plugins: [await opened('/papers/p/relied-on'), createPinia()], stubs: { ElTable, ElTableColumn, StateBlock, ListPages: true, ElButton: true } } })
  await flushPromises()
  return shown
}

beforeEach(() => {
  asked.length = 0
  answer = { paper: { ...paper, title: '现场运维', first_day_not_held: '2026-11-12' }, items: [visit], next: null, count: 1 }
})

describe('the page of a paper that was revoked', () => {
  it('lists what relied on it, with sheets and signature, and leads to each', async () => {
    const shown = await page()
    expect(asked).toEqual([['p', { page: 1, limit: 50 }]])
    expect(shown.text()).toContain('运维能力评定证书 YW-1')
    expect(shown.text()).toContain('自 2026-11-12 起不再有效')
    for (const said of ['清泉化工', '总测点', '张三', '巡检', '已签字', '证书未覆盖当日']) expect(shown.text()).toContain(said)
    expect(shown.get('a').attributes('href')).toBe('/visits/v')
  })

  it('says nothing of other certificates for a day on which the operator was not filed', async () => {
    const shown = await page({ ...visit, filing_marks: ['operator_not_filed'] })
    expect(shown.text()).toContain('现在：机构未备案')
  })

  it('says of a device what it says of a person', async () => {
    answer = { paper: { ...paper, kind: 'calibration', title: '烟气分析仪', first_day_not_held: '2026-11-12' }, items: [visit], next: null, count: 1 }
    const shown = await page({ ...visit, filing_marks: ['calibration_missing'] })
    expect(shown.text()).toContain('以下运维在此之后使用了该设备')
    expect(shown.text()).toContain('现在：设备检定校准未覆盖当日')
    expect((await page({ ...visit, filing_marks: ['certificate_missing'] })).text()).toContain('另有证件覆盖当日')
  })

  it('says where another certificate covers the day', async () => {
    const shown = await page({ ...visit, filing_marks: [] })
    expect(shown.text()).toContain('另有证件覆盖当日')
    expect(shown.text()).not.toContain('证书未覆盖当日')
  })

  it('says that nothing is affected where it holds', async () => {
    answer = { paper: { ...paper, title: '现场运维', revoked_from: null, first_day_not_held: null }, items: [], next: null, count: 0 }
    expect((await page()).text()).toContain('没有受影响的运维')
  })

  it('says that nothing relied on it', async () => {
    answer = { paper: { ...paper, title: '现场运维', first_day_not_held: '2026-11-12' }, items: [], next: null, count: 0 }
    expect((await page()).text()).toContain('没有依据该证件的运维')
  })
})

describe('the certificates of a visit', () => {
  const of = async (certificate: object) => {
    const pinia = createPinia()
    useStandards(pinia).names = { a: '张三' }
    const certificates = [{ account: 'a', mark: null, paper, relied: false, ...certificate }] as never
    return mount(CertificateCard, { props: { certificates }, global: { plugins: [await opened('/visits/v'), pinia] } })
  }

  it('name the person and the paper, without an accusation where it covers the day', async () => {
    const text = (await of({ paper: { ...paper, revoked_from: null } })).text()
    expect(text).toContain('张三')
    expect(text).toContain('运维能力评定证书 YW-1，有效期至 2026-12-10')
    expect(text).not.toContain('证书未覆盖当日')
  })

  it('lead to all that relied on a paper that was revoked since', async () => {
    const shown = await of({ mark: 'certificate_missing', relied: true })
    expect(shown.text()).toContain('证书未覆盖当日')
    expect(shown.get('a').attributes('href')).toBe('/papers/p/relied-on')
  })

  it('say that a person is not filed', async () => {
    const shown = await of({ mark: 'not_filed_person', paper: null })
    expect(shown.text()).toContain('人员未备案')
    expect(shown.find('a').exists()).toBe(false)
  })
})

describe('the devices of a visit', () => {
  const calibration = { ...paper, kind: 'calibration', number: 'JZ-1', revoked_from: null } as const
  const of = async (device: object, judged = true) => {
    const devices = [{ name: '烟气分析仪', serial_number: 'SN-1', resource_id: 'd', version: 1, mark: null, paper: calibration, relied: false, ...device }] as never
    return mount(DeviceCard, { props: { devices, judged }, global: { plugins: [await opened('/visits/v'), createPinia()] } })
  }

  it('name the device and its paper, without an accusation where it covers the day', async () => {
    const text = (await of({})).text()
    expect(text).toContain('烟气分析仪 SN-1')
    expect(text).toContain('校准证书 JZ-1，有效期至 2026-12-10')
    expect(text).not.toContain('设备检定校准未覆盖当日')
  })

  it('lead to all that relied on a paper that was revoked since', async () => {
    const shown = await of({ mark: 'calibration_missing', relied: true })
    expect(shown.text()).toContain('设备检定校准未覆盖当日')
    expect(shown.get('a').attributes('href')).toBe('/papers/p/relied-on')
  })

  it('say that no paper is filed, that a device is not filed, and nothing of a day without a filing', async () => {
    expect((await of({ mark: 'calibration_missing', paper: null })).text()).toContain('没有已备案的检定或校准证书')
    expect((await of({ resource_id: null, paper: null })).text()).toContain('未备案的设备')
    expect((await of({ paper: null }, false)).text()).not.toContain('没有已备案')
  })
})

describe('the words', () => {
  it('tell a paper without an end, and no paper', () => {
    expect(evidenceOf({ ...paper, valid_to: null, revoked_from: null })).toBe('运维能力评定证书 YW-1，长期有效')
    expect(evidenceOf(null)).toBe('没有已备案的运维能力评定证书')
  })

  it.each([['none', '未备案'], ['locked', '已锁定'], ['filed', '']] as const)('beside an operator that is %s', (state, text) => {
    expect(mount(OperatorFilingTag, { props: { filing: { state, since: null } } }).text()).toBe(text)
  })

  it('stand among the marks of a visit', () => {
    expect(mount(MarkTags, { props: { marks: [], filings: ['operator_not_filed'], none: '—' } }).text()).toBe('机构未备案')
    expect(mount(MarkTags, { props: { marks: [], filings: [], none: '—' } }).text()).toBe('—')
  })
})
