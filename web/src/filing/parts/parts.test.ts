import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'
import type * as Api from '../api'
import type { Stock } from '../../api/types'
import PartUses from './PartUses.vue'
import { overdrawn, unitsOf, usedOf } from './words'

const use = {
  visit_id: 'v', revision_id: 'r', place: 0, day: '2026-11-20', name: '泵管', model: 'PT-16', lot: 'L1', expires: '2026-11-19', expired: true, quantity: '2', unit: '根', filed: true,
  point_name: '总测点', enterprise_name: '清泉化工',
}
const gas = { ...use, place: 1, name: '乙炔', model: '', lot: '', expires: null, expired: false, quantity: '1', unit: '瓶', filed: false }
const left: Stock = { name: '泵管', model: 'PT-16', categories: ['spare_part'], places: ['仓库'], quantity: '20', since: '2026-11-01', used: '3.5', left: '16.5', units: ['根'], uses: 2, expired: 1 }
let uses: { items: object[]; count: number }
let stocks: { items: Stock[]; unfiled: number }
let problem: Error | null
const asked: unknown[] = []

vi.mock('../api', async (original) => ({
  ...(await original<typeof Api>()),
  partUses: async (...given: unknown[]) => { asked.push(given); if (problem) throw problem; return uses },
  stock: async () => stocks,
}))

const width = (narrow: boolean) => vi.stubGlobal('matchMedia', () => ({ matches: narrow, addEventListener: () => undefined, removeEventListener: () => undefined }))
const ElTable = { props: ['data'], provide(this: { data: object[] }) { return { rows: this.data } }, template: '<div><slot /></div>' }
const ElTableColumn = { props: ['prop', 'label'], inject: ['rows'], template: '<div><p v-for="(row, at) in rows" :key="at">{{ label }}：<slot :row="row">{{ row[prop] }}</slot></p></div>' }
const StateBlock = { props: ['empty', 'problem'], template: '<div>{{ empty }}{{ problem?.title }}</div>' }
const ElInput = { props: ['modelValue'], emits: ['update:modelValue'], template: '<input :value="modelValue" @input="$emit(\'update:modelValue\', $event.target.value)">' }
const DownloadButton = { props: ['path'], template: '<a class="file" :href="path">导出</a>' }

async function page(at = '/filing/uses'): Promise<VueWrapper> {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/filing/uses', name: 'uses', component: { components: { PartUses }, template: '<PartUses operator-id="o1" />' } }, { path: '/:rest(.*)*', component: ElTable }] })
  await router.push(at)
  const stubs = { ElTable, ElTableColumn, StateBlock, ElInput, DownloadButton, ListPages: true, PeriodPicker: true, ChoicePick: true, ElButton: true }
  const shown = mount(RouterView, { global: { plugins: [router, createPinia()], stubs } })
  await flushPromises()
  return shown
}

beforeEach(() => {
  asked.length = 0
  problem = null
  uses = { items: [use, gas], count: 2 }
  stocks = { items: [left], unfiled: 1 }
  width(false)
})

describe('what was used', () => {
  it('is listed with visit, lot and expiry, and leads to the visit', async () => {
    const shown = await page()
    expect(asked).toEqual([['o1', { search: '', lot: '', from: '', to: '', filed: '', expired: '', limit: 50, page: 1 }]])
    const list = shown.get('.list')
    for (const said of ['日期：2026-11-20', '名称：泵管', '型号：PT-16', '批号：L1', '有效期至：2026-11-19 已过有效期', '数量：2 根', '排污单位：清泉化工', '测点：总测点']) expect(list.text()).toContain(said)
    expect(list.text()).toContain('名称：乙炔 未备案的备件')
    expect(list.text()).not.toContain('泵管 未备案的备件')
    expect(list.get('a').attributes('href')).toBe('/visits/v')
  })

  it('is asked for by what stands in the address, and so is the file', async () => {
    const shown = await page('/filing/uses?search=泵&lot=L1&from=2026-11-01&to=2026-11-30&filed=false&expired=true&page=2')
    expect(asked).toEqual([['o1', { search: '泵', lot: 'L1', from: '2026-11-01', to: '2026-11-30', filed: 'false', expired: 'true', limit: 50, page: 2 }]])
    const file = new URL(shown.get('.file').attributes('href')!, 'http://q')
    expect(file.pathname).toBe('/views/filings/o1/part-uses.xlsx')
    expect(Object.fromEntries(file.searchParams)).toEqual({ search: '泵', lot: 'L1', from: '2026-11-01', to: '2026-11-30', filed: 'false', expired: 'true' })
  })

  it('is asked anew when a lot is typed', async () => {
    const shown = await page()
    await shown.get('[aria-label="按批号筛选"]').setValue('L2')
    await flushPromises()
    expect(asked.at(-1)).toEqual(['o1', expect.objectContaining({ lot: 'L2' })])
  })

  it('is read as cards in a narrow window', async () => {
    width(true)
    const shown = await page()
    expect(shown.findAll('.list li').map((card) => card.text())).toEqual([
      expect.stringContaining('批号 L1　有效期至 2026-11-19'), expect.stringContaining('乙炔 1 瓶未备案的备件'),
    ])
    expect(shown.find('.stock li').text()).toContain('余量 16.5')
  })

  it('says why nothing is listed: nothing used, nothing found, or a problem', async () => {
    uses = { items: [], count: 0 }
    expect((await page()).text()).toContain('还没有使用记录')
    expect((await page('/filing/uses?lot=L9')).text()).toContain('没有符合条件的使用记录')
    problem = Object.assign(new Error(), { title: '您无权查看。' })
    expect((await page()).text()).toContain('您无权查看。')
  })
})

describe('what is left', () => {
  it('is the filed quantity without what was used since', async () => {
    const stock = (await page()).get('.stock').text()
    for (const said of ['备案数量：20', '数量起算日：2026-11-01', '已使用：已用 3.5（2 次，其中 1 次已过有效期）', '单位：根', '余量：16.5', '另有 1 条用量']) expect(stock).toContain(said)
    expect(stock).not.toContain('用量超过备案')
  })

  it('says where more was used than is filed, and where nothing is filed', async () => {
    stocks = { items: [{ ...left, left: '-1' }], unfiled: 0 }
    const stock = (await page()).get('.stock').text()
    expect(stock).toContain('用量超过备案')
    expect(stock).not.toContain('另有')
    stocks = { items: [], unfiled: 0 }
    expect((await page()).get('.stock').text()).toContain('没有已备案的备品备件')
  })

  it('is said in words', () => {
    expect(usedOf({ ...left, uses: 0 })).toBe('未使用')
    expect(usedOf({ ...left, expired: 0 })).toBe('已用 3.5（2 次）')
    expect(unitsOf({ ...left, units: ['个', '根'] })).toBe('个、根（单位不一）')
    expect(unitsOf({ ...left, units: [] })).toBe('—')
    expect([overdrawn(left), overdrawn({ ...left, left: '0' }), overdrawn({ ...left, left: '-0.5' })]).toEqual([false, false, true])
  })
})
