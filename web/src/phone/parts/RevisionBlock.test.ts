import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { formNamed, served } from '../../sheets/served'
import type { SheetRevision } from '../types'
import RevisionBlock from './RevisionBlock.vue'

const REVISION: SheetRevision = {
  sheet_id: 's', revision_id: 'r', form: 'standard_check', form_version: 1, content: 'standard_check', instruments: ['i'], claimed_at: '2026-11-24T01:00:00Z',
  values: { place: '总排口', checks: [{ factor: 'COD', measured: '49' }] }, taken: [{ instrument_id: 'i', version: 3, fields: ['checks.0.factor'] }], filled_seconds: 40,
}
const INSTRUMENTS = [{ id: 'i', factor: 'w01018', name: 'COD分析仪', model: 'CODmax', serial_number: 'SN-7' }]
const FORMS = { forms: [formNamed('standard_check')], contents: [], register_fields: served() }

it('names the instrument, what the register gave and how long it took', () => {
  const lines = mount(RevisionBlock, { props: { revision: REVISION, forms: FORMS, instruments: INSTRUMENTS } }).findAll('dd').map((line) => line.text())
  expect(lines[0]).toBe('COD分析仪 CODmax 编号SN-7（登记第 3 版）')
  expect(lines).toContain('COD分析仪 CODmax 编号SN-7 取自登记')
  expect(lines.find((line) => line.startsWith('COD，'))).toMatch(/1 项取自登记$/)
  expect(lines.at(-1)).toBe('40 秒')
})

it('reads a sheet of before, whose forms this phone does not know', () => {
  const { taken: _taken, filled_seconds: _seconds, instruments: _instruments, ...before } = REVISION
  const wrapper = mount(RevisionBlock, { props: { revision: before, forms: null, instruments: [] } })
  expect(wrapper.text()).not.toMatch(/仪器|填写用时|取自登记/)
  expect(wrapper.text()).toContain('总排口')
})
