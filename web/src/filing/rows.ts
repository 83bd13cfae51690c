/** Rows of a list of resources: the columns of each kind, and people found and ordered by names, which only the pages know. Pure. */
import type { ListColumn } from '../work/lists/columns'
import type { NameOfPerson, ResourceKind, ResourceRow } from './types'
import { fieldText, personName, RESOURCE_FIELDS } from './words'

const COLUMNS: Record<ResourceKind, [key: string, width: number][]> = {
  person: [['post', 110], ['technical_posts', 120], ['education', 90], ['joined_on', 110]],
  device: [['model', 120], ['serial_number', 120], ['asset_number', 110], ['measures', 110]],
  vehicle: [['ownership', 100]],
  spare_part: [['category', 90], ['model', 120], ['number', 120], ['quantity', 80], ['value', 110], ['place', 140]],
}

/** The columns of a kind beside its name, its papers and its state. */
export const columnsOf = (kind: ResourceKind): ListColumn[] => COLUMNS[kind].map(([key, width]) => ({ key, width, text: RESOURCE_FIELDS[kind][key] ?? key }))

export const HEADS: Record<ResourceKind, string> = { person: '姓名', device: '设备名称', vehicle: '号牌号码', spare_part: '名称' }

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
