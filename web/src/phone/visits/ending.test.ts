import { describe, expect, it } from 'vitest'
import type { WorkRules } from '../../api/types'
import type { Form } from '../../sheets'
import type { Forms } from '../forms'
import type { Sheet } from '../types'
import { endingOf, timesOutside } from './ending'

const FORM = { form: 'standard_check', version: 1, layout: [], schema: { properties: {} } } as unknown as Form
const NEEDED = { form: 'standard_check', content: 'standard_check', any_of: ['checks.measured'], every_days: null, rule: 'no-work', sentence: '没有核查结果。' }
const FORMS = { forms: [FORM], contents: [], work_rules: { needed: [NEEDED], expected: [], negative: { rule: '', sentence: '', columns: {}, not_for: [] } } as unknown as WorkRules } as Forms
const sheet = (values: object, heads = ['r']): Sheet => ({ id: 's', form: 'standard_check', form_version: 1, content: 'standard_check', values, heads }) as unknown as Sheet
const DONE = sheet({ checks: [{ factor: 'COD', measured: '49' }] })
const OBSTRUCTED = { obstruction: { what: '门卫不让进', claimed_at: '' } }

describe('the end of a visit', () => {
  it('may come with a sheet on which work was done', () => {
    expect(endingOf({ obstruction: null }, [DONE], FORMS)).toEqual({ empty: [], nothing: null })
  })

  it('is refused without a sheet, also where there is only a draft', () => {
    expect(endingOf({ obstruction: null }, [], FORMS).nothing).toBe('refused')
    expect(endingOf({ obstruction: null }, [sheet({}, [])], FORMS)).toEqual({ empty: [], nothing: 'refused' })
  })

  it('may come without a sheet, and is marked, where the technician was kept from the work', () => {
    expect(endingOf(OBSTRUCTED, [], FORMS).nothing).toBe('marked')
  })

  it('names the sheets that were finished with nothing on them, and none where the phone has no rules or no form', () => {
    const empty = sheet({ checks: [{ factor: 'COD', measured: '' }] })
    expect(endingOf({ obstruction: null }, [DONE, empty], FORMS).empty).toEqual([empty])
    expect(endingOf(OBSTRUCTED, [empty], { ...FORMS, work_rules: undefined }).empty).toEqual([])
    expect(endingOf(OBSTRUCTED, [empty], null).empty).toEqual([])
  })
})

describe('the times on the sheets', () => {
  const rule = { rule: 'r', level: 'note' as const, sentence: '{value} {limit}' }
  const forms = { ...FORMS, work_rules: { ...FORMS.work_rules!, times: { before: rule, after: rule, fields: { standard_check: ['checks.finished_at'] } } } } as Forms
  const late = sheet({ checks: [{ finished_at: '2026-11-24T10:30' }] })
  const sign_in = { claimed_at: '2026-11-24T01:00:00Z', companions: [], fix: null }
  const LEFT = '2026-11-24T02:00:00Z'

  it('are compared with the sign-in and the moment of signing out; drafts are not', () => {
    expect(timesOutside({ sign_in, backfill: null }, [late, sheet(late.values, [])], forms, LEFT)).toEqual([{ sheet: late, sentence: '第 1 行“”2026-11-24 10:30 2026-11-24 10:00' }])
    expect(timesOutside({ sign_in, backfill: null }, [late], null, LEFT)).toEqual([])
  })

  it('of a back-fill are compared with the real times', () => {
    const said = { reason_class: 'signal' as const, explanation: '', claimed_at: '' }
    expect(timesOutside({ sign_in, backfill: { ...said, arrived_at: '2026-11-24T02:00:00Z', left_at: '2026-11-24T03:00:00Z' } }, [late], forms, LEFT)).toEqual([])
    expect(timesOutside({ sign_in, backfill: said }, [late], forms, LEFT)).toEqual([])
  })
})
