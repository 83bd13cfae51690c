import { beside } from '../editor/judging'
import type { Judgement, ReturnReason } from '../types'
import { aboutOf } from './places'

/** What a reason can be about. `usual`: what is returned for as a rule. */
export interface Item { key: string; code: string | null; at: string; title: string; sentence: string; usual: boolean }
export interface Mark { on: boolean; text: string }

const WRONG = ['fail', 'review', 'missing_data']

/** Judgements that are not passed and findings, each once, and the report as a whole. */
export function itemsOf({ verdict, findings }: Judgement): Item[] {
  const rules = verdict.rules.filter(({ result }) => WRONG.includes(result)).map(({ rule, at, sentence, result, severity }) => ({ code: rule, at, sentence, usual: result === 'fail' && severity !== 'note' }))
  const found = [...verdict.findings, ...findings].map(({ code, at, sentence, severity }) => ({ code, at, sentence, usual: severity === 'warning' }))
  const items = [...rules, ...found].map((one) => ({ ...one, key: `${one.code} ${one.at}`, title: aboutOf(one), sentence: beside(one.sentence) }))
  return [...new Map(items.map((item) => [item.key, item])).values(), { key: '', code: null, at: '', title: '整份报告', sentence: '', usual: false }]
}

export const marksOf = (items: readonly Item[]): Record<string, Mark> => Object.fromEntries(items.map(({ key, sentence, usual }) => [key, { on: usual, text: sentence }]))
const chosen = (items: readonly Item[], marks: Record<string, Mark>) => items.filter(({ key }) => marks[key]?.on)
export const reasonsOf = (items: readonly Item[], marks: Record<string, Mark>): ReturnReason[] => chosen(items, marks).map(({ code, at, key }) => ({ code, at, text: marks[key]!.text.trim() }))

/** What is missing, by the key of the item; under `all` where nothing is chosen. */
export function lacks(items: readonly Item[], marks: Record<string, Mark>): Record<string, string> {
  const on = chosen(items, marks)
  if (!on.length) return { all: '请至少选择一条退回理由。' }
  return Object.fromEntries(on.filter(({ key }) => !marks[key]!.text.trim()).map(({ key }) => [key, '请写明退回理由。']))
}
