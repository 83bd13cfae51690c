import { mount } from '@vue/test-utils'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { Values, Visit, WorkRules } from '../../api/types'
import { newRow } from '../../sheets'
import { formNamed, served } from '../../sheets/served'
import SheetFields from '../shared/SheetFields.vue'
import { checkedCorrection, circumstancesOf } from './correcting'

const written = JSON.parse(readFileSync('../libs/standards/src/qingyuan_standards/work_rules.json', 'utf8')) as { needed: object[]; expected: object[] }
const whole = (rule: object) => ({ form: null, any_of: [], every_days: null, rule: 'no-work', ...rule })
const RULES = { ...written, needed: written.needed.map(whole), expected: written.expected.map(whole) } as unknown as WorkRules
const VISIT = {
  point_name: '总排口', medium: 'wastewater', operator_name: '绿测', day: '2026-11-24', backfill: null,
  sign_in: { claimed_at: '2026-11-24T01:05:00Z' }, sign_out: { claimed_at: '2026-11-24T03:00:00Z' },
} as unknown as Visit
const BACKFILLED = { ...VISIT, backfill: { arrived_at: '2026-11-20T01:00:00Z', left_at: '2026-11-20T02:00:00Z' } } as Visit

it('a row that is added begins with the day or the time of the visit, as on the phone', async () => {
  const form = formNamed('parameter_change')
  const values: Values = { changes: [] }
  const starts = (table: string) => newRow(served(), form, table, circumstancesOf(VISIT))
  const fields = mount(SheetFields, { props: { form, starts, values, computed: {}, problems: {} }, global: { stubs: { FieldInput: true, ElFormItem: true, ElButton: { template: '<button><slot /></button>' } } } })
  await fields.findAll('button').find((button) => button.text() === '增加一行')!.trigger('click')
  expect(values.changes).toMatchObject([{ changed_at: '2026-11-24T09:05' }])
  expect(newRow(served(), formNamed('consumables'), 'items', circumstancesOf(VISIT))).toEqual({ replaced_on: '2026-11-24' })
})

it('of a back-fill the times count that a person stated', () => {
  expect(circumstancesOf(BACKFILLED)).toMatchObject({ day: '2026-11-20', arrived_at: '2026-11-20T09:00' })
  const nothing = { ...VISIT, sign_in: null } as Visit
  expect(circumstancesOf(nothing)).toMatchObject({ day: '2026-11-24', arrived_at: null })
})

it('a correction is checked as work and beside the times of the visit', () => {
  const form = formNamed('standard_check')
  const rules = (values: Values, visit = VISIT) => {
    const { problems, findings } = checkedCorrection(RULES, form, visit, 'standard_check', values)
    return [...problems, ...findings].map(({ rule }) => rule)
  }
  const check = (measured: string, finished_at: string) => ({ place: '总排口', maintainer: '绿测', instrument: 'i', checked_on: '2026-11-24', checks: [{ factor: 'COD', standard: '50', measured, finished_at }] })
  expect(rules(check('', '2026-11-24T10:00'))).toContain('no-work')
  expect(rules(check('-3', '2026-11-24T10:00'))).toContain('FORM-NEGATIVE')
  expect(rules(check('49', '2026-11-24T11:30'))).toContain('FORM-AFTER-LEAVING')
  expect(rules(check('49', '2026-11-24T10:00'))).not.toContain('FORM-AFTER-LEAVING')
})
