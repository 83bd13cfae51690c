/** Walks through a document of unknown shape, collects its problems, and never throws: the twin of qingyuan_standards/rules/walking.py. */
import { dayOf, momentOf } from '../sheets/days'
import type { Problem } from './document'
import { place, stepTo } from './places'
import { numberOf, own, stripped, unitOf, type ReadNumber, type Unit } from './units'

export type Json = Record<string, unknown>

const PROBLEMS_MAX = 2000
const TEXT_MAX = 100
const SHOWN_MAX = 30
const ABOUT_DEPTH = 12
const COMMAS = /[,，、]/g
const MINUTE = 60_000

export const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
/** As Python counts: by characters, not by halves of them. */
const characters = (text: string): string[] => Array.from(text)
const beginning = (text: string): string => characters(text).slice(0, SHOWN_MAX).join('')

export class Walker {
  problems: Problem[] = []
  fullWidth: [string, string][] = []

  /** `sentence` follows the name of the place. */
  tell(at: string, code: string, sentence: string): void {
    if (this.problems.length < PROBLEMS_MAX) this.problems.push({ at, code, sentence: place(at) + sentence })
  }

  /** The object's fields; an empty object where it is none. Tells of unknown and of missing fields. */
  members(value: unknown, at: string, required: readonly string[] = [], optional: readonly string[] = []): Json {
    if (!isObject(value)) {
      this.tell(at, 'field.type', '应为一组填写内容（对象）。')
      return {}
    }
    const known = new Set([...required, ...optional])
    for (const name of Object.keys(value)) if (!known.has(name)) this.tell(at + stepTo(name), 'field.unknown', '不是本文件的字段，请删除或改正名称。')
    if (Object.hasOwn(value, 'about')) this.about(value, at)
    for (const name of required) if ((own(value, name) ?? null) === null) this.tell(at + stepTo(name), 'field.required', '为必填项，不能为空。')
    return value
  }

  /** What is not read here must not be so deep that nothing can write it. */
  private about(owner: Json, at: string): void {
    if (!isShallow(owner.about, ABOUT_DEPTH)) this.tell(`${at}/about`, 'field.type', `应为 JSON，最多 ${ABOUT_DEPTH} 层。`)
  }

  text(owner: Json, at: string, name: string, most = TEXT_MAX): string | null {
    const value = own(owner, name) ?? null
    if (value === null) return null
    if (typeof value !== 'string') return this.refuse(at + stepTo(name), 'field.type', '应为文字，写在引号内。')
    if (characters(value).length > most) return this.refuse(at + stepTo(name), 'field.too-long', `内容过长，最多 ${most} 个字。`)
    return value
  }

  choice<T extends string>(owner: Json, at: string, name: string, choices: readonly T[]): T | null {
    const text = this.text(owner, at, name)
    if (text === null || (choices as readonly string[]).includes(text)) return text as T | null
    return this.refuse(at + stepTo(name), 'field.choice', `只能是：${choices.join('、')}。`)
  }

  /** Null where nothing was typed, or what is no number. Not `signed`: below zero is a problem. */
  number(owner: Json, at: string, name: string, signed = false): ReadNumber | null {
    const text = this.text(owner, at, name)
    return text === null ? null : this.read(text, at + stepTo(name), signed)
  }

  read(text: string, at: string, signed: boolean): ReadNumber | null {
    const number = numberOf(text)
    if (!number) return this.notANumber(text, at)
    if (number.value.lt(0) && !signed) return this.refuse(at, 'number.negative', `为 ${text}，不能小于 0。`)
    if (number.fullWidth) this.fullWidth.push([at, text])
    return number
  }

  private notANumber(text: string, at: string): null {
    const written = characters(text).length <= SHOWN_MAX ? text : `${beginning(text)}…`
    if (!stripped(text)) return this.refuse(at, 'field.required', '为必填项，不能为空。')
    if (/[,，、]/.test(text) && numberOf(text.replace(COMMAS, ''))) return this.refuse(at, 'number.comma', `“${written}”中有逗号；小数点应写“.”，整数不分节。`)
    if (numberOf(shortened(text))) return this.refuse(at, 'number.too-long', `“${written}”位数过多，最多 9 位整数和 6 位小数。`)
    return this.refuse(at, 'number.not-a-number', `“${written}”不是数字，只填数字，例如 12.5。`)
  }

  unit(owner: Json, at: string, name: string): Unit | null {
    const text = this.text(owner, at, name)
    const unit = text === null ? null : unitOf(text)
    if (text !== null && !unit) this.tell(at + stepTo(name), 'unit.unknown', `“${beginning(text)}”不是认识的单位。`)
    return unit
  }

  /** Minutes of a local time. */
  moment(owner: Json, at: string, name: string): number | null {
    const text = this.text(owner, at, name)
    const moment = text === null ? null : momentOf(text)
    if (text !== null && moment === null) this.tell(at + stepTo(name), 'time.unreadable', '应为真实存在的时间，格式为 YYYY-MM-DDTHH:MM。')
    return moment === null ? null : moment / MINUTE
  }

  day(owner: Json, at: string, name: string): string | null {
    const text = this.text(owner, at, name)
    if (text === null || dayOf(text) !== null) return text
    return this.refuse(at + stepTo(name), 'time.unreadable', '应为真实存在的日期，格式为 YYYY-MM-DD。')
  }

  /** The entries of a list with their pointers; none of one that is too long, which is told once. */
  rows(owner: Json, at: string, name: string, most: number, least = 0): [string, unknown][] {
    const [here, value] = [at + stepTo(name), own(owner, name) ?? null]
    if (value === null) return []
    if (!Array.isArray(value)) this.tell(here, 'field.type', '应为列表。')
    else if (value.length > most) this.tell(here, 'list.too-many', `有 ${value.length} 行，最多 ${most} 行。`)
    else if (value.length < least) this.tell(here, 'list.empty', `至少要有 ${least} 行。`)
    else return value.map((row: unknown, index) => [`${here}/${index}`, row])
    return []
  }

  private refuse(at: string, code: string, sentence: string): null {
    this.tell(at, code, sentence)
    return null
  }
}

function isShallow(value: unknown, depth: number): boolean {
  return typeof value !== 'object' || value === null || (depth > 0 && Object.values(value).every((each) => isShallow(each, depth - 1)))
}

/** Nine digits before and six behind the point at most, to find out whether the length alone is wrong. */
function shortened(text: string): string {
  const [whole = '', ...rest] = stripped(text).split('.')
  const behind = rest.join('.')
  const digits = whole.replace(/^-+/, '')
  const cut = (part: string, most: number) => (/^[0-9]+$/.test(part) ? part.slice(0, most) : part)
  return cut(digits, 9) + (rest.length ? '.' : '') + cut(behind, 6)
}
