/** What the rules say of the document while it is typed, by factor. Pure. */
import { check } from '../../checking'
import type { Pair, Problem } from '../../checking/document'
import { cellAt, type Column } from '../../checking/page/pairs'
import { read } from '../../checking/reading'
import type { FactorVerdict, Verdict } from '../../checking/verdict'
import type { Json } from '../../checking/walking'
import type { ExemptionRow } from '../types'

export interface Message { column: Column | null; wrong: boolean; sentence: string }
export interface Judged { problems: Problem[]; verdict: Verdict | null; pairs: (at: string) => readonly Pair[] }

/** Exemptions as the service tells them to the rules: it adds them to what the operator wrote. */
export const withExemptions = (document: Json, held: readonly ExemptionRow[]): Json =>
  held.length ? { ...document, exemptions: held.map(({ rule, point, factor, first_day, last_day, text }) => ({ rule, ...(point ? { point: point.id } : {}), ...(factor ? { factor } : {}), from: first_day, to: last_day, reason: text })) } : document

export function judgedOf(document: Json): Judged {
  const { problems, verdict } = check(document)
  const { report } = read(document)
  return { problems, verdict, pairs: (at) => report?.factors.find((factor) => factor.at === at)?.pairs ?? [] }
}

export const factorAt = (point: number, factor: number): string => `/points/${point}/factors/${factor}`
export const verdictAt = (verdict: Verdict | null, at: string): FactorVerdict | null => verdict?.factors.find((factor) => factor.at === at) ?? null
export const isIn = (at: string, place: string): boolean => at === place || at.startsWith(`${place}/`)

const PLACE = /第 \d+ 个点位(?:第 \d+ 个因子)?的?/g
/** A sentence beside the factor that it is about: its place need not be said. */
export const beside = (sentence: string): string => sentence.replace(PLACE, '')

/** What stands under the rows of one factor's grid. */
export function messagesOf(problems: readonly Problem[], at: string, parallels: boolean): Map<number, Message[]> {
  const found = new Map<number, Message[]>()
  for (const problem of problems) {
    const cell = isIn(problem.at, at) ? cellAt(problem.at, parallels) : null
    if (cell) found.set(cell.row, [...(found.get(cell.row) ?? []), { column: cell.column, wrong: true, sentence: beside(problem.sentence) }])
  }
  return found
}

/** What is wrong with a factor elsewhere than in its grid. */
export const problemsBeside = (problems: readonly Problem[], at: string, parallels: boolean): string[] =>
  problems.filter((problem) => isIn(problem.at, at) && !cellAt(problem.at, parallels)).map(({ sentence }) => beside(sentence))

/** What is wrong with the report itself. */
export const problemsOfReport = (problems: readonly Problem[]): Problem[] => problems.filter(({ at }) => !/^\/points\/\d+\/factors\/\d+/.test(at))
