import type { FileRef, Photo, SheetRevision, Visit, VisitContent } from '../../api/types'
import type { Picture } from '../shared/PhotoGrid.vue'

/**
 * What a visit says. A complete one is read from the canonical text, so that what is shown is what is signed;
 * one that is still under way is put together from its parts.
 */
export function contentOf(visit: Visit): VisitContent {
  if (visit.content) return JSON.parse(visit.content.text) as VisitContent
  return {
    visit_id: visit.id, cycles: visit.opened?.cycles ?? [], sign_in: visit.sign_in, sign_out: visit.sign_out,
    sheets: visit.sheets.flatMap((sheet) => sheet.heads), photos: visit.photos, backfill: visit.backfill, obstruction: visit.obstruction,
  }
}

const OCCASIONS: Record<string, string> = { sign_in: '签到', sign_out: '签退', obstruction: '阻挠' }

export function occasion(photo: Photo, sheets: readonly SheetRevision[], title: (sheet: SheetRevision) => string): string {
  const sheet = sheets.find((one) => one.sheet_id === photo.of)
  return OCCASIONS[photo.of] ?? (sheet ? title(sheet) : '照片')
}

export const pictureOf = (photo: Photo, caption: string): Picture => ({ file: photo.shown ?? photo.original, original: photo.original, caption, at: photo.taken_at })

export const pictures = (files: readonly FileRef[] | undefined, caption: string): Picture[] => (files ?? []).map((file) => ({ file, caption: file.name ?? caption }))

/** Two standing revisions of one sheet: shown side by side, settled by a third. */
export const conflicting = (sheets: readonly SheetRevision[]): Set<string> =>
  new Set(sheets.filter((one, at) => sheets.some((other, where) => where !== at && other.sheet_id === one.sheet_id)).map((one) => one.sheet_id))

/** Everybody whose name a page about this visit needs. */
export const peopleOf = (visit: Visit): (string | null | undefined)[] => [
  visit.by, visit.sign_in?.by, ...(visit.sign_in?.companions ?? []), visit.sign_out?.by, visit.backfill?.by, visit.obstruction?.by,
  ...visit.sheets.flatMap((sheet) => sheet.revisions.map((one) => one.by)), ...(visit.confirmation?.steps.map((step) => step.by) ?? []),
]
