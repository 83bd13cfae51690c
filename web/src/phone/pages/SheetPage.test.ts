import 'fake-indexeddb/auto'
import { readFileSync } from 'node:fs'
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import type { Account } from '../../api/types'
import { newUuid } from '../../api/key'
import { emptyValues, type Form } from '../../sheets'
import { served } from '../../sheets/served'
import { db, me } from '../account'
import { visiting } from '../testing'
import type { SheetRevision, Task, Values } from '../types'
import { blank, saveDraft } from '../visits/sheets'
import SheetPage from './SheetPage.vue'

const FORMS = `${import.meta.dirname}/../../../../libs/standards/src/qingyuan_standards/forms`
const formNamed = (name: string): Form => JSON.parse(readFileSync(`${FORMS}/${name}.v1.json`, 'utf-8')) as Form

const choices = Object.entries(formNamed('patrol_wastewater').schema.properties).filter(([, one]) => one.enum?.includes('正常')).map(([name]) => name)
const everythingNormal = (values: Values): Values => Object.fromEntries(Object.entries(values).map(([name]) => [name, name === 'patrolled_at' ? '2026-11-23T09:10' : choices.includes(name) ? '正常' : '']))

async function page(name: string, values: (blank: Values) => Values, instruments: Task['instruments'] = []) {
  me.account = { id: newUuid(), kind: 'operator' } as Account
  const form = formNamed(name)
  await db().keep('forms', { forms: [form], contents: [], register_fields: served() })
  const visit = await visiting(db())
  await db().visits.put({ ...visit, task: { ...visit.task, instruments } })
  const sheet = blank(visit, { form: form.form, form_version: 1, title: form.title, content: form.content, values: values(emptyValues(form)), instruments: instruments.map(({ id }) => id) })
  await saveDraft(db(), sheet)
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:all(.*)*', component: { template: '<i />' } }] })
  const wrapper = mount(SheetPage, { attachTo: document.body, props: { id: visit.id, sheetId: sheet.id }, global: { plugins: [router] } })
  await vi.waitFor(() => expect(wrapper.find('footer').exists()).toBe(true))
  await vi.waitFor(() => expect(wrapper.find('[data-field]').exists()).toBe(true))
  return { wrapper, stored: async () => (await db().sheets.get(sheet.id))! }
}

async function shownBy(wrapper: Awaited<ReturnType<typeof page>>['wrapper']): Promise<string[]> {
  const scrolled = vi.spyOn(Element.prototype, 'scrollIntoView').mockImplementation(() => {})
  await wrapper.find('footer button').trigger('click')
  await flushPromises()
  return (scrolled.mock.instances as unknown as Element[]).map((one) => one.getAttribute('data-field') ?? '')
}

afterEach(() => { vi.restoreAllMocks(); document.body.innerHTML = '' })

it('完成 goes to the first missing field of the page', async () => {
  const { wrapper } = await page('patrol_wastewater', (values) => ({ ...values, patrolled_at: '2026-11-23T09:10', pump_draws: '正常' }))
  expect(await shownBy(wrapper)).toEqual(['drain_clear'])
})

it('完成 opens the row of the first missing field and goes to the field, not to the table', async () => {
  const row = { item: '采样泵', what: '', handled: '', solved: '' }
  const { wrapper } = await page('patrol_wastewater', (values) => ({ ...everythingNormal(values), abnormal: [{ ...row, what: '堵', handled: '清', solved: '是' }, row] }))
  const [field] = await shownBy(wrapper)
  expect(field).toMatch(/^abnormal\.1\./)
  expect(wrapper.findAll('.head').map((one) => one.attributes('aria-expanded'))).toEqual(['false', 'true'])
})

it('本组均正常 answers the group on the page and on the phone; the same button takes it back', async () => {
  const { wrapper, stored } = await page('patrol_wastewater', (values) => ({ ...values, pump_draws: '异常' }))
  const button = () => wrapper.find('.group .all')
  await button().trigger('click')
  await vi.waitFor(async () => expect((await stored()).filled_by_group).toHaveLength(7))
  expect((await stored()).values).toMatchObject({ pump_draws: '异常', drain_clear: '正常', data_collected: '正常', house_clean: '' })
  await flushPromises()
  await button().trigger('click')
  await vi.waitFor(async () => expect((await stored()).filled_by_group).toEqual([]))
  expect((await stored()).values).toMatchObject({ pump_draws: '异常', drain_clear: '' })
})

it('完成 stores what the register gave, with the version of the instrument that this phone has', async () => {
  const instrument: Task['instruments'][number] = { id: newUuid(), version: 5, kind: 'wastewater_analyser', factor: 'w01018', model: 'CODmax', serial_number: 'SN-7', unit: 'mg/L', name: null, method: null, manufacturer: null, maker: null }
  const { wrapper, stored } = await page('standard_check', (values) => ({ ...values, checked_on: '2026-11-24', instrument: 'COD分析仪 CODmax 编号SN-7', checks: [{ factor: 'COD', standard: '50', measured: '49' }] }), [instrument])
  await wrapper.find('footer button').trigger('click')
  await vi.waitFor(async () => expect((await stored()).state).toBe('done'))
  const [operation] = await db().outbox.where('visit').equals((await stored()).visit).toArray()
  const { sheet } = operation!.body as { sheet: SheetRevision }
  expect(sheet.taken).toEqual([{ instrument_id: instrument.id, version: 5, fields: ['instrument', 'checks.0.factor'] }])
  expect(sheet.filled_seconds).toBeTypeOf('number')
})
