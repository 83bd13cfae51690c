import type { Remark } from '../types'
import type { Item } from './items'

/** What the reviewer says of one field or paper. Without a mark it has not been looked at. */
export interface Mark {
  passed: boolean
  reason: string
  text: string
}
/** By the key of the item. */
export type Marks = Record<string, Mark>

export const PASSED: Mark = { passed: true, reason: '', text: '' }
/** This reason says nothing by itself. */
const OTHER = 'other'

export function counted(items: readonly Item[], marks: Marks): { passed: number; returned: number; open: number } {
  const found = items.map((item) => marks[item.key])
  const passed = found.filter((mark) => mark?.passed).length
  const returned = found.filter((mark) => mark && !mark.passed).length
  return { passed, returned, open: items.length - passed - returned }
}

/** What is still missing in the remarks, by the key of the item. */
export function missingIn(items: readonly Item[], marks: Marks): Record<string, string> {
  const found = items.flatMap((item): [string, string][] => {
    const mark = marks[item.key]
    if (!mark || mark.passed) return []
    if (!mark.reason) return [[item.key, '请选择退回原因。']]
    return mark.reason === OTHER && !mark.text.trim() ? [[item.key, '请说明退回的原因。']] : []
  })
  return Object.fromEntries(found)
}

/** All that is returned, as the review's answer carries it. */
export function remarksOf(items: readonly Item[], marks: Marks): Remark[] {
  return items.flatMap((item) => {
    const mark = marks[item.key]
    if (!mark || mark.passed) return []
    return [{ resource_id: item.resourceId, field: item.field, reason: mark.reason, text: mark.text.trim() || null }]
  })
}

/** Marks outlive a reload of the same submission, but only for what is still as it was. */
export function keptMarks(before: readonly Item[], after: readonly Item[], marks: Marks): Marks {
  const was = new Map(before.map((item) => [item.key, contentOf(item)]))
  const same = after.filter((item) => marks[item.key] && was.get(item.key) === contentOf(item))
  return Object.fromEntries(same.map((item) => [item.key, marks[item.key]!]))
}

const contentOf = (item: Item) => JSON.stringify([item.now, item.before, item.files])
