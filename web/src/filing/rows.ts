/** Rows of a list of resources: the columns of each kind, and people found and ordered by names, which only the pages know. Pure. */
import type { ListColumn } from '../work/lists/columns'
import type { NameOfPerson, ResourceKind, ResourceRow } from './types'
import { fieldText, personName, RESOURCE_FIELDS } from './words'

const COLUMNS: Record<ResourceKind, [key: string, width: number][]> = {
  person: [['post', 100], ['technical_posts', 110], ['education', 80], ['joined_on', 106]],
  device: [['model', 105], ['serial_number', 105], ['asset_number', 100], ['measures', 100]],
  vehicle: [['ownership', 90]],
  spare_part: [['category', 88], ['model', 110], ['number', 110], ['quantity', 70], ['value', 110], ['place', 120]],
}
/** The columns that every kind has: at 1280 px all of them stand beside those of the kind. */
export const WIDTHS = { head: 100, papers: 250, state: 130 }

/** The columns of a kind beside its name, its papers and its state. */
export const columnsOf = (kind: ResourceKind): ListColumn[] => COLUMNS[kind].map(([key, width]) => ({ key, width, text: RESOURCE_FIELDS[kind][key] ?? key }))

export const HEADS: Record<ResourceKind, string> = { person: '姓名', device: '设备名称', vehicle: '号牌号码', spare_part: '名称' }

/** What a search finds of each kind. */
export const SEARCHED: Record<ResourceKind, string> = { person: '姓名、岗位或证书编号', device: '名称、型号或编号', vehicle: '号牌或证件编号', spare_part: '名称、型号或编号' }

export type Names = ReadonlyMap<string, NameOfPerson>
export const namesById = (items: readonly NameOfPerson[]): Names => new Map(items.map((item) => [item.id, item]))

/** What stands in the first column. */
export function headOf({ kind, id, particulars }: Pick<ResourceRow, 'kind' | 'id' | 'particulars'>, names: Names): string {
  if (kind === 'person') return personName(names.get(id))
  const known = particulars as unknown as Record<string, string | undefined>
  return known.plate ?? known.name ?? ''
}

export const cellOf = ({ particulars }: Pick<ResourceRow, 'particulars'>, key: string): string => fieldText(key, (particulars as unknown as Record<string, unknown>)[key])

/** People whose name, post or certificate number has the text in it, by name. */
export function peopleFound<T extends Pick<ResourceRow, 'kind' | 'id' | 'particulars' | 'title'>>(rows: readonly T[], names: Names, search: string): T[] {
  const wanted = search.trim().toLowerCase()
  const texts = (row: T) => [headOf(row, names), row.title, ...(row.particulars.papers ?? []).map(({ number }) => number ?? '')]
  const found = rows.filter((row) => !wanted || texts(row).some((text) => text.toLowerCase().includes(wanted)))
  return found.sort((first, second) => headOf(first, names).localeCompare(headOf(second, names), 'zh'))
}
