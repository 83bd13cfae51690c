/** What became of the rows of a workbook, and which dropped file is the scan of which row. Pure. */
import type { ImportedRow, ResourceImport } from '../types'

export type Outcome = ImportedRow['outcome']

export const countOf = ({ rows }: ResourceImport, outcome: Outcome): number => rows.filter((row) => row.outcome === outcome).length

export const BLOCKED = '表头或合并的单元格有问题，请先改正，再导入。'

/** What a check or an import came to, in one sentence. */
export function headline(found: ResourceImport): string {
  if (found.blocked) return BLOCKED
  const [fresh, added, refused] = [countOf(found, 'new'), countOf(found, 'added'), countOf(found, 'refused')]
  const wrong = refused ? `，${refused} 行有问题` : ''
  if (added) return `已登记 ${added} 行${wrong}。`
  return fresh ? `共 ${found.rows.length} 行，${fresh} 行可以登记${wrong}。` : `共 ${found.rows.length} 行，没有新的可以登记${wrong}。`
}

/** What a person would otherwise have to count. */
export function counted(found: ResourceImport): string[] {
  const [there, ended, waiting] = [countOf(found, 'there'), countOf(found, 'ended'), wantedScans(found).length]
  return [
    there ? `${there} 行已登记，没有重复登记。` : '',
    ended ? `${ended} 行已停用，没有重新登记。` : '',
    found.left_out ? `${found.left_out} 行没有读取。` : '',
    waiting ? `${waiting} 行写了扫描件的文件名，登记后按文件名上传。` : '',
    found.sheets_not_read.length ? `没有读取的工作表：${found.sheets_not_read.join('、')}。` : '',
  ].filter(Boolean)
}

/** A row whose scan is named and not there yet. Before it is taken over it has no paper of which to ask. */
export const wantedScans = ({ rows }: ResourceImport): ImportedRow[] =>
  rows.filter(({ scan, outcome, paper_id }) => scan && (outcome === 'new' || (paper_id && (outcome === 'added' || outcome === 'there'))))

/** Names that look the same to a person are the same: width, case and blanks at the ends do not count. */
const nameKey = (name: string): string => name.normalize('NFKC').trim().toLowerCase().split(/[\\/]/).pop()!
const withoutEnding = (key: string): string => key.replace(/\.[a-z0-9]{1,5}$/, '')

export interface Match<F> {
  row: ImportedRow
  file: F
}

/** By file name; a name that the sheet gives without an ending fits a file that has one. One file may be the scan of several rows. */
export function matched<F extends { name: string }>(files: readonly F[], rows: readonly ImportedRow[]): { matches: Match<F>[]; left: F[] } {
  const byName = new Map(files.map((file) => [nameKey(file.name), file]))
  const byStem = new Map(files.map((file) => [withoutEnding(nameKey(file.name)), file]))
  const matches = rows.flatMap((row) => {
    const key = nameKey(row.scan ?? '')
    const file = byName.get(key) ?? (withoutEnding(key) === key ? byStem.get(key) : undefined)
    return file ? [{ row, file }] : []
  })
  const used = new Set(matches.map(({ file }) => file))
  return { matches, left: files.filter((file) => !used.has(file)) }
}
