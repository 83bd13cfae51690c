// @vitest-environment node
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { WorkRules } from '../api/types'
import type { Checked, Form, Values } from './types'
import { lacking, withWork, workFindings } from './work'

const read = <T>(path: string): T => JSON.parse(readFileSync(new URL(`../../../libs/standards/${path}`, import.meta.url), 'utf8')) as T
const form = (name: string): Form => read<Form>(`src/qingyuan_standards/forms/${name}.v1.json`)

type Written = Partial<WorkRules['needed'][number]>
/** As the server sends it: the file leaves out what a rule does not say. */
const whole = (rule: Written): Written => ({ rule: 'no-work', form: null, any_of: [], every_days: null, ...rule })
const written = read<{ needed: Written[]; expected: Written[]; inapplicable: WorkRules['inapplicable']; negative: WorkRules['negative'] }>('src/qingyuan_standards/work_rules.json')
const RULES = { needed: written.needed.map(whole), expected: written.expected.map(whole), inapplicable: written.inapplicable, negative: written.negative } as WorkRules

interface Case { case: string; form: string; content: string; values: Values; problems: object[]; findings: object[] }

describe('a sheet on which nothing was done', () => {
  it.each(read<Case[]>('corpus/work/work.json'))('$case', (given) => {
    expect(lacking(RULES, form(given.form), given.content, given.values).map(({ field, rule }) => ({ field, rule }))).toEqual(given.problems)
    expect(workFindings(RULES, form(given.form), given.content, given.values).map(({ field, rule, level }) => ({ field, rule, level }))).toEqual(given.findings)
  })

  it('is not judged by a phone that has no rules', () => {
    expect(lacking(undefined, form('standard_check'), 'standard_check', {})).toEqual([])
    expect(workFindings(undefined, form('standard_check'), 'calibration', {})).toEqual([])
  })

  it('is judged by a phone that fetched the rules before the newest of them', () => {
    expect(workFindings({ ...RULES, inapplicable: undefined } as unknown as WorkRules, form('patrol_wastewater'), 'patrol', {})).toEqual([])
  })

  it('has one problem a field: what the form itself says of the field comes first', () => {
    const checked: Checked = { problems: [{ field: 'readings', rule: 'required', sentence: '' }], computed: {}, findings: [] }
    expect(withWork(checked, RULES, form('calibration'), 'calibration', {}).problems.map(({ rule }) => rule)).toEqual(['required'])
    expect(withWork({ ...checked, problems: [] }, RULES, form('calibration'), 'calibration', {}).problems.map(({ rule }) => rule)).toEqual(['no-work'])
  })
})
