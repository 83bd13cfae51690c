/** Daily information: which document covers which point, and what a form about a document begins with and sends. Pure. */
import type { Problem } from '../../api/problem'
import type { FileRef } from '../../api/types'
import type { Errors } from '../../forms/errors'
import type { DailyInformation, DocumentKind, FiledDocument, PointCoverage } from './types'
import { DOCUMENT_FIELDS } from './words'

export const pointTitle = ({ point_name, point_code }: Pick<PointCoverage, 'point_name' | 'point_code'>): string => point_name || point_code || '（测点名称未读出）'

/** The documents of a kind that name a point, those that hold already first. */
export function documentsOf(documents: readonly FiledDocument[], point: string, kind: DocumentKind): FiledDocument[] {
  const found = documents.filter((document) => document.kind === kind && document.points.includes(point))
  return found.sort((first, second) => first.valid_from.localeCompare(second.valid_from))
}

export function lackOf(points: readonly PointCoverage[]): { points: number; documents: number } {
  const lacking = points.filter(({ missing }) => missing.length)
  return { points: lacking.length, documents: lacking.reduce((sum, { missing }) => sum + missing.length, 0) }
}

/** What a search for an enterprise or a point finds, or only what something is missing of. */
export function pointsFound(points: readonly PointCoverage[], search: string, onlyLacking: boolean): PointCoverage[] {
  const wanted = search.trim().toLowerCase()
  const texts = (point: PointCoverage) => [point.enterprise_name, point.point_name, point.point_code]
  return points.filter((point) => (!onlyLacking || point.missing.length > 0) && (!wanted || texts(point).some((text) => text.toLowerCase().includes(wanted))))
}

export const missingPoints = (points: readonly PointCoverage[], kind: DocumentKind): string[] => points.filter(({ missing }) => missing.includes(kind)).map(({ point_id }) => point_id)

/** The kind that most points lack: a new document most probably is of it. */
export function kindMostMissing({ points }: DailyInformation, kinds: readonly DocumentKind[]): DocumentKind {
  return kinds.reduce((most, kind) => (missingPoints(points, kind).length > missingPoints(points, most).length ? kind : most))
}

export interface DocumentDraft { kind: DocumentKind; title: string; edition: string; valid_from: string; points: string[]; file: FileRef | null; reason: string }

export const newDocument = (kind: DocumentKind, points: string[], today: string): DocumentDraft => ({ kind, title: '', edition: '', valid_from: today, points, file: null, reason: '' })

export const draftOfDocument = ({ kind, title, edition, valid_from, points, file }: FiledDocument): DocumentDraft => ({ kind, title, edition, valid_from, points: [...points], file, reason: '' })

/** What is missing before anything is sent. */
export function documentProblems(draft: DocumentDraft, replaces: boolean): Errors {
  const found: Errors = {}
  for (const field of ['title', 'edition', 'valid_from'] as const) if (!draft[field].trim()) found[field] = `请填写${DOCUMENT_FIELDS[field]}。`
  if (!draft.points.length) found.points = '请至少选择一个测点。'
  if (!draft.file) found.file = '请上传文件。'
  if (replaces && !draft.reason.trim()) found.reason = '请填写原因。'
  return found
}

export function sentDocument(draft: DocumentDraft & { file: FileRef }) {
  const { kind, valid_from, points, file } = draft
  return { kind, title: draft.title.trim(), edition: draft.edition.trim(), valid_from, points, file }
}

/** Sentences by the fields of a form: the server calls them `document.title`, `plan.file`, `entry.first_day`. */
export function saidByForm(problem: Problem): Errors {
  const found: Errors = {}
  for (const { field, sentence } of problem.errors) {
    const name = field.replace(/^(document|plan|entry)\./, '')
    found[name] = (found[name] ?? '') + sentence
  }
  return found
}
