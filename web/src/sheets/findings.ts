import type { Scope, Sheet } from './computing'
import { judgedByBand, near, whenOf } from './computing'
import { dayOf } from './days'
import type { Decimal } from './exact'
import { ZERO, decimal, shown } from './exact'
import type { Check, Confidence, Finding, Form } from './types'

// The twin of qingyuan_standards/checking_findings.py.
const SHOWN_DIGITS_MAX = 6
const UNVERIFIED: Partial<Record<Confidence, string>> = {
  RECALL: '该要求尚未与标准原文核对，仅作提示。',
  SEEN: '该要求来自第三方资料，尚未与标准原文核对，仅作提示。',
  '2SRC': '该要求由两处第三方资料印证，尚未与标准原文核对，仅作提示。',
}

/** What a check's sentence fills in. */
type Said = Record<string, string>

export function findingsOf(form: Form, sheet: Sheet): Finding[] {
  return form.checks.flatMap((check) => sheet.scopes(check).flatMap((scope) => (check.kind === 'band' ? byBand(form, check, scope) : byRule(form, check, scope))))
}

function byRule(form: Form, check: Check, scope: Scope): Finding[] {
  const found = KINDS[check.kind]!(form, check, scope)
  return found ? [{ field: scope.path(check.field), rule: check.rule, level: check.level, sentence: sentenceOf(check.sentence, check.confidence, found) }] : []
}

function byBand(form: Form, check: Check, scope: Scope): Finding[] {
  const judged = judgedByBand(form, check.bands!, check.field, scope)
  if (!judged) return []
  const { band } = judged
  const said = {
    value: distinctText(judged.value, digitsOf(form, band.judges), judged.limit),
    limit: band.limit,
    unit: band.unit,
    level: distinctText(scope.number(check.field) ?? ZERO, digitsOf(form, check.field), null),
  }
  const finding = { field: scope.path(band.judges), rule: band.rule }
  if (judged.beyond) return [{ ...finding, level: check.level, sentence: sentenceOf(check.sentence, band.confidence, said) }]
  if (band.near === undefined || !near(judged, band.near)) return []
  return [{ ...finding, level: 'note', sentence: sentenceOf(check.near_sentence!, band.confidence, said) }]
}

function sentenceOf(template: string, confidence: Confidence | undefined, said: Said): string {
  const text = Object.entries(said).reduce((sentence, [name, value]) => sentence.replaceAll(`{${name}}`, () => value), template)
  return text + ((confidence && UNVERIFIED[confidence]) ?? '')
}

/** As the sheet shows it, with more digits where rounding would make it look like the limit it is beyond. */
export function distinctText(value: Decimal, digits: number, limit: Decimal | null): string {
  const looksLike = (places: number) => limit !== null && !value.abs().eq(limit) && limit.eq(shown(value.abs(), places))
  let places = digits
  while (places < SHOWN_DIGITS_MAX && looksLike(places)) places += 1
  return shown(value, places)
}

function digitsOf(form: Form, name: string): number {
  return form.computed.find((one) => one.field === name)?.digits ?? SHOWN_DIGITS_MAX
}

/** A number that was written is repeated as written. */
function valueTold(form: Form, check: Check, scope: Scope, value: Decimal, limit: Decimal): string {
  const computed = form.computed.some((one) => one.field === check.field)
  return computed ? distinctText(value, digitsOf(form, check.field), limit) : (scope.text(check.field) ?? '')
}

function limit(form: Form, check: Check, scope: Scope): Said | null {
  const value = scope.number(check.field)
  const most = decimal(check.limit!)
  if (!value || value.abs().lte(most)) return null
  const instead = check.or && scope.number(check.or.field)
  if (instead?.abs().lte(check.or!.limit)) return null
  return { value: valueTold(form, check, scope, value, most), limit: check.limit! }
}

function between(form: Form, check: Check, scope: Scope): Said | null {
  const value = scope.number(check.field)
  if (!value) return null
  const bound = check.from !== undefined && value.lt(check.from) ? check.from : check.to !== undefined && value.gt(check.to) ? check.to : null
  return bound === null ? null : { value: valueTold(form, check, scope, value, decimal(bound)), limit: bound }
}

function positive(form: Form, check: Check, scope: Scope): Said | null {
  const value = scope.number(check.field)
  return !value || value.gt(0) ? null : { value: valueTold(form, check, scope, value, ZERO) }
}

function expiry(_form: Form, check: Check, scope: Scope): Said | null {
  const last = scope.text(check.field)
  const used = scope.text(check.used!)
  if (last === null || used === null || dayOf(last) === null || whenOf(used) === null) return null
  return last < used.slice(0, 10) ? { value: last, limit: used.slice(0, 10) } : null
}

function order(_form: Form, check: Check, scope: Scope): Said | null {
  const later = scope.text(check.field)
  const earlier = scope.text(check.after!)
  if (later === null || earlier === null || whenOf(later) === null || whenOf(earlier) === null) return null
  const length = Math.min(later.length, earlier.length)
  return later.slice(0, length) < earlier.slice(0, length) ? { value: later, limit: earlier } : null
}

function is(_form: Form, check: Check, scope: Scope): Said | null {
  const found = scope.text(check.field) ?? scope.value(check.field)
  return typeof found === 'string' && check.values!.includes(found) ? { value: found } : null
}

function explained(form: Form, check: Check, scope: Scope): Said | null {
  const speaking = check.of!.filter((name) => check.values!.includes(scope.text(name) ?? ''))
  const silent = scope.text(check.field) === null && scope.sheet.rows(check.field).length === 0
  if (speaking.length === 0 || !silent) return null
  const titles = { ...form.schema.properties, ...form.schema.properties[check.rows ?? '']?.items?.properties }
  return { value: speaking.map((name) => titles[name]!.title).join('、') }
}

/** By the name a form calls it; `band` is the one whose rule depends on the value. */
const KINDS: Record<string, (form: Form, check: Check, scope: Scope) => Said | null> = { limit, between, positive, expiry, order, is, explained }
