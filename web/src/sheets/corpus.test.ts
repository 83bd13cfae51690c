// @vitest-environment node
import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { check } from './check'
import type { Form } from './types'

const STANDARDS = new URL('../../../libs/standards/', import.meta.url)

interface Case {
  case: string
  form: string
  version: number
  values: unknown
  problems: { field: string; rule: string }[]
  computed: Record<string, string>
  findings: { field: string; rule: string; level: string }[]
}

const read = (path: string) => JSON.parse(readFileSync(new URL(path, STANDARDS), 'utf8')) as unknown
const files = readdirSync(new URL('corpus/', STANDARDS)).filter((name) => name.endsWith('.json'))
const forms = new Map<string, Form>()

function formOf(one: Case): Form {
  const name = `${one.form}.v${one.version}`
  const found = forms.get(name) ?? (read(`src/qingyuan_standards/forms/${name}.json`) as Form)
  forms.set(name, found)
  return found
}

describe.each(files)('the corpus, %s', (file) => {
  it.each(read(`corpus/${file}`) as Case[])('$case', (one) => {
    const checked = check(formOf(one), one.values)
    expect(checked.problems.map(({ field, rule }) => ({ field, rule }))).toEqual(one.problems)
    expect(checked.computed).toEqual(one.computed)
    expect(checked.findings.map(({ field, rule, level }) => ({ field, rule, level }))).toEqual(one.findings)
  })
})
