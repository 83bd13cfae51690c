/** Annual information: its entries by kind, the hours of each kind and person, and what a form about an entry sends. Pure. */
import { newUuid } from '../../api/key'
import type { FileRef } from '../../api/types'
import type { Errors } from '../../forms/errors'
import type { AnnualEntry, EntryKind, RecordedEntry } from './types'
import { ENTRY_FIELDS } from './words'

/** Years with information and this one, the newest first. */
export const yearsOf = (known: readonly number[], thisYear: number, shown: number): number[] => [...new Set([thisYear, shown, ...known])].sort((first, second) => second - first)

/** The year of an address, or this one. */
export function yearIn(text: string, thisYear: number): number {
  const year = Number(text)
  return /^\d{4}$/.test(text) && year >= 2000 && year <= thisYear ? year : thisYear
}

export const ofKind = (entries: readonly RecordedEntry[], kind: EntryKind): RecordedEntry[] => entries.filter(({ entry }) => entry.kind === kind)

/** Hours have at most a few decimals; a sum of them must not show more. */
const rounded = (hours: number): number => Math.round(hours * 1e6) / 1e6
export const hoursOf = (entries: readonly RecordedEntry[]): number => rounded(entries.reduce((sum, { entry }) => sum + Number(entry.hours), 0))

export interface HoursOfPerson { id: string; hours: Record<EntryKind, number>; all: number }

/** The hours of everybody who took part in something, the most first. */
export function hoursByPerson(entries: readonly RecordedEntry[]): HoursOfPerson[] {
  const found = new Map<string, HoursOfPerson>()
  for (const { entry } of entries) {
    for (const id of entry.participants ?? []) {
      const known = found.get(id) ?? { id, hours: { education: 0, training: 0, supervision: 0 }, all: 0 }
      known.hours[entry.kind] = rounded(known.hours[entry.kind] + Number(entry.hours))
      known.all = rounded(known.all + Number(entry.hours))
      found.set(id, known)
    }
  }
  return [...found.values()].sort((first, second) => second.all - first.all)
}

export const daysText = ({ first_day, last_day }: Pick<AnnualEntry, 'first_day' | 'last_day'>): string => (first_day === last_day ? first_day : `${first_day} 至 ${last_day}`)

export type EntryDraft = Omit<Required<AnnualEntry>, 'files'> & { files: FileRef[] }

/** Its id is the same in every correction. */
export const newEntry = (kind: EntryKind): EntryDraft => ({ entry_id: newUuid(), kind, first_day: '', last_day: '', content: '', hours: '', participants: [], files: [] })

export const draftOfEntry = (entry: AnnualEntry): EntryDraft => ({ ...newEntry(entry.kind), ...entry, hours: String(entry.hours), participants: [...(entry.participants ?? [])], files: [...(entry.files ?? [])] })

const NUMBER = /^\d{1,4}(\.\d{1,6})?$/

/** What is missing or cannot be right before anything is sent. */
export function entryProblems(draft: EntryDraft, year: number): Errors {
  const found: Errors = {}
  for (const field of ['first_day', 'last_day', 'content', 'hours'] as const) if (!draft[field].trim()) found[field] = `请填写${ENTRY_FIELDS[field]}。`
  if (!found.hours && !NUMBER.test(draft.hours.trim())) found.hours = '学时应为数字。'
  for (const field of ['first_day', 'last_day'] as const) if (!found[field] && draft[field].slice(0, 4) !== String(year)) found[field] = `日期应在 ${year} 年内；跨年的请分年填写。`
  if (!found.last_day && draft.first_day && draft.last_day < draft.first_day) found.last_day = '结束日期早于开始日期。'
  return found
}

export const sentEntry = (draft: EntryDraft): EntryDraft => ({ ...draft, content: draft.content.trim(), hours: draft.hours.trim() })

/** The files that were not there before: of them the files service has to say that they are stored. */
export function newFilesOf(files: readonly FileRef[], known: readonly FileRef[] = []): FileRef[] {
  const before = new Set(known.map(({ sha256 }) => sha256))
  return files.filter(({ sha256 }) => !before.has(sha256))
}
