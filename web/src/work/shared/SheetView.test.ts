import { mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { expect, it } from 'vitest'
import type { SheetRevision, Standards, Visit } from '../../api/types'
import { today } from '../../days'
import { formNamed, served } from '../../sheets/served'
import { correctionOf } from '../visits/correcting'
import { useStandards } from '../standards'
import SheetView from './SheetView.vue'

const REVISION: SheetRevision = {
  sheet_id: 's', revision_id: 'r', form: 'standard_check', form_version: 1, content: 'standard_check', instruments: ['i'], by: 'b', claimed_at: '2026-11-24T01:00:00Z', received_at: '2026-11-24T01:00:00Z',
  values: { place: '总排口', checks: [{ factor: 'COD', standard: '50', measured: '49' }] }, taken: [{ instrument_id: 'i', version: 3, fields: ['checks.0.factor'] }], filled_seconds: 95,
}
const INSTRUMENT: Visit['instruments'][number] = { id: 'i', kind: 'wastewater_analyser', factor: 'w01018', name: 'COD分析仪', model: 'CODmax', serial_number: 'SN-7', voided: false }

function shown(revision: SheetRevision, instruments = [INSTRUMENT]) {
  const pinia = createPinia()
  setActivePinia(pinia)
  useStandards().days[today()] = { forms: [formNamed('standard_check')], register_fields: served() } as unknown as Standards as never
  return mount(SheetView, { props: { revision, instruments }, global: { plugins: [pinia] } })
}
const field = (wrapper: ReturnType<typeof shown>, title: string): string => wrapper.findAll('dl > div').find((entry) => entry.find('dt').text().startsWith(title))!.find('dd').text()
const TITLE = formNamed('standard_check').schema.properties.instrument!.title!

it('names the instruments, and says in what time the sheet was filled', () => {
  const text = shown(REVISION).text()
  expect(text).toContain('仪器：COD分析仪 CODmax 编号SN-7（登记第 3 版）')
  expect(text).toContain('填写用时 1 分 35 秒')
  expect(shown({ ...REVISION, instruments: [], taken: null, filled_seconds: null }).text()).not.toMatch(/仪器：|填写用时/)
})

it('shows the instrument in an empty field for it, marked, and not where something was written', () => {
  expect(field(shown(REVISION), TITLE)).toBe('COD分析仪 CODmax 编号SN-7取自登记')
  expect(field(shown({ ...REVISION, values: { ...REVISION.values, instrument: '自己写的' } }), TITLE)).toBe('自己写的')
  expect(field(shown(REVISION, []), TITLE)).toBe('—')
})

it('marks the values that the register gave, in rows too', () => {
  const wrapper = shown(REVISION)
  expect(wrapper.findAll('tbody tr')[0]!.findAll('td').map((cell) => cell.find('.taken').exists()).indexOf(true)).toBe(0)
  expect(wrapper.findAll('td .taken')).toHaveLength(1)
})

it('is still said of a corrected sheet, as long as the value stands', () => {
  const visit = { sheets: [], opened: null, sign_in_at: null, point_id: 'p' } as unknown as Visit
  const corrected = (factor: string) => correctionOf(visit, REVISION, { checks: [{ factor, standard: '50', measured: '48' }] }, '抄错', 'n', '2026-11-25T01:00:00Z').sheet
  expect(corrected('COD')).toMatchObject({ taken: REVISION.taken, filled_seconds: 95 })
  expect(corrected('氨氮').taken).toEqual([{ instrument_id: 'i', version: 3, fields: [] }])
})

it('says of an instrument that was registered by mistake that it was, where the sheet is about it', () => {
  const mistaken = { ...INSTRUMENT, voided: true }
  expect(shown(REVISION, [mistaken]).text()).toContain('误录作废')
  expect(shown(REVISION).text()).not.toContain('误录作废')
  expect(shown(REVISION, [INSTRUMENT, { ...mistaken, id: 'another' }]).text()).not.toContain('误录作废')
})
