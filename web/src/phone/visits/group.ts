/** Filling a group of a patrol with one tap: 正常 in every choice that has no answer yet. */
import { NORMAL, stillFilled, type FieldView } from '../../sheets'
import type { Values } from '../types'

/** In a group with a single choice its own button is the one tap. */
const CHOICES_MIN = 2

const isNormalOrNot = (view: FieldView | undefined): boolean => view?.kind === 'choice' && view.choices.includes(NORMAL)
const isBlank = (value: unknown): boolean => value === undefined || value === null || value === ''

/** The choices of a group that may be filled together; none where there is nothing to save. */
export function choicesOf(fields: string[], views: Record<string, FieldView>): string[] {
  const choices = fields.filter((name) => isNormalOrNot(views[name]))
  return choices.length < CHOICES_MIN ? [] : choices
}

/** What the button does next: `fill` the blank ones, or `undo` what a tap filled. Nothing if a person answered them all. */
export function nextTap(choices: string[], values: Values, filled: string[]): { does: 'fill' | 'undo' | 'nothing'; fields: string[] } {
  const blank = choices.filter((name) => isBlank(values[name]))
  if (blank.length) return { does: 'fill', fields: blank }
  const own = stillFilled(values, filled).filter((name) => choices.includes(name))
  return { does: own.length ? 'undo' : 'nothing', fields: own }
}

/** What one tap changes on the sheet. An answer that a person gave is never touched. */
export function tapped(choices: string[], values: Values, filled: string[]): { values: Values; by_group: Record<string, boolean> } {
  const { does, fields } = nextTap(choices, values, filled)
  return {
    values: Object.fromEntries(fields.map((name) => [name, does === 'fill' ? NORMAL : ''])),
    by_group: Object.fromEntries(fields.map((name) => [name, does === 'fill'])),
  }
}

/** What the last visit said of the whole group. */
export function lastTime(choices: string[], last: Values): string {
  const answered = choices.filter((name) => !isBlank(last[name]))
  if (!answered.length) return ''
  const others = answered.filter((name) => last[name] !== NORMAL)
  return others.length ? `上次 ${others.length} 项不是正常` : '上次均正常'
}
