/** What is pasted from a spreadsheet: all of it goes into the grid, or nothing and a sentence says why. */
import { numberOf, stripped } from '../units'
import { emptyRow, NAMES, type Column, type PairRow } from './pairs'

export interface Pasted { rows: PairRow[] | null; sentence: string }

/** Whether a text is more than goes into one cell. */
export const isTable = (text: string): boolean => /[\t\n\r]/.test(text.replace(/[\r\n]+$/, ''))

/** Lines and tabs, without the empty lines at the end. */
export function cellsOf(text: string): string[][] {
  const lines = text.replace(/(\r\n|\r|\n)+$/, '').split(/\r\n|\r|\n/)
  return lines.map((line) => line.split('\t').map(stripped))
}

const isNumber = (cell: string): boolean => numberOf(cell) !== null
const isNumberedFromOne = (cells: string[][]): boolean => cells.length > 1 && cells.every(([first], at) => first === String(at + 1))

/** A first line of words above lines of numbers is a heading. */
function hasHeading(cells: string[][]): boolean {
  const [first, second] = cells
  return !!first && !!second && first.some((cell) => cell !== '') && !first.some((cell) => /[0-9０-９]/.test(cell)) && second.some(isNumber)
}

function withoutNumbering(cells: string[][], room: number): string[][] | null {
  return Math.max(...cells.map((line) => line.length)) === room + 1 && isNumberedFromOne(cells) ? cells.map((line) => line.slice(1)) : null
}

/** Puts a pasted table into the grid, from one cell to the right and down. */
export function paste(rows: readonly PairRow[], columns: readonly Column[], at: { row: number; column: Column }, text: string, most: number): Pasted {
  const all = cellsOf(text)
  const heading = hasHeading(all)
  const lines = heading ? all.slice(1) : all
  const taken = columns.slice(columns.indexOf(at.column))
  const numbered = withoutNumbering(lines, taken.length)
  const cells = numbered ?? lines
  const width = Math.max(...cells.map((line) => line.length))
  if (at.row + cells.length > most) return refused(`粘贴了 ${cells.length} 行，从第 ${at.row + 1} 行起最多还能填 ${most - at.row} 行（一个因子最多 ${most} 对数据）。一行也没有填入，表中原有的内容没有改变。`)
  if (width > taken.length) return refused(`粘贴的内容有 ${width} 列，从“${NAMES[at.column]}”起只有 ${taken.length} 列。一格也没有填入，请只复制${columns.map((column) => `“${NAMES[column]}”`).join('、')}对应的列。`)
  const said = [`已填入 ${cells.length} 行`, heading ? '第一行是表头，没有填入' : '', numbered ? '第一列是序号，没有填入' : ''].filter(Boolean)
  return { rows: filled(rows, taken, at.row, cells), sentence: `${said.join('；')}。` }
}

const refused = (sentence: string): Pasted => ({ rows: null, sentence })

function filled(rows: readonly PairRow[], columns: readonly Column[], from: number, cells: string[][]): PairRow[] {
  const result = Array.from({ length: Math.max(rows.length, from + cells.length) }, (_, at) => ({ ...(rows[at] ?? emptyRow()) }))
  for (const [down, line] of cells.entries()) for (const [right, cell] of line.entries()) result[from + down]![columns[right]!] = cell
  return result
}
