/** How a sentence names a place of the document: the twin of qingyuan_standards/rules/places.py. */
import { DATA } from './data'
import { own } from './units'

const NAME_MAX = 30
const { counted: COUNTED, named: NAMED } = DATA.places
const isIndex = (step: string | undefined): step is string => /^[0-9]+$/.test(step ?? '')

/** `/points/0/factors/1/pairs/2/reference` → 第 1 个点位第 2 个因子第 3 对数据“参比（实验室）值”. */
export function place(pointer: string): string {
  const steps = pointer.split('/').slice(1).map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  const words = steps.map((step, at) => wordsOf(step, steps[at + 1]))
  return words.join('') || '本报告'
}

function wordsOf(step: string, follows: string | undefined): string {
  const counted = own(COUNTED, step)
  if (counted && isIndex(follows)) return counted.replace('{}', String(BigInt(follows) + 1n))
  return isIndex(step) ? '' : `“${own(NAMED, step) ?? Array.from(step).slice(0, NAME_MAX).join('')}”`
}

/** One step of a JSON pointer (RFC 6901). */
export const stepTo = (name: string | number): string => `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`
