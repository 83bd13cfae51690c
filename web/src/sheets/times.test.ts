// @vitest-environment node
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { WorkRules } from '../api/types'
import { outside } from './times'
import type { Form, Values } from './types'

const read = <T>(path: string): T => JSON.parse(readFileSync(new URL(`../../../libs/standards/${path}`, import.meta.url), 'utf8')) as T
const RULES = read<WorkRules>('src/qingyuan_standards/work_rules.json')
interface Case { case: string; form: string; values: Values; arrived_at: string | null; left_at: string | null; findings: string[][] }

it.each(read<Case[]>('corpus/times/times.json'))('$case', ({ form, values, arrived_at, left_at, findings }) => {
  const found = outside(RULES, read<Form>(`src/qingyuan_standards/forms/${form}.v1.json`), values, arrived_at, left_at)
  expect(found.map(({ field, level, sentence }) => [field, level, sentence])).toEqual(findings)
})

it('are not judged by a phone that has no rules', () => {
  expect(outside(undefined, read<Form>('src/qingyuan_standards/forms/patrol_wastewater.v1.json'), { patrolled_at: '2026-11-24T10:01' }, null, '2026-11-24T01:00:00Z')).toEqual([])
})
