import { computed, ref, type Ref } from 'vue'
import { useSession } from '../../session'

/** A column of a list: how wide it is at least, and whether it is shown before anybody has chosen. */
export interface ListColumn {
  key: string
  text: string
  width: number
  hidden?: boolean
  /** Leads to the record, and is always shown. */
  fixed?: boolean
}

/** What the page leaves for a table in a window of 1280 px: without the menu and the margins. */
export const ROOM = 1280 - 216 - 2 * 24 - 2

export const widthOf = (columns: readonly ListColumn[]): number => columns.filter((column) => !column.hidden).reduce((sum, column) => sum + column.width, 0)

export interface Columns {
  all: readonly ListColumn[]
  chosen: Ref<string[]>
  shows: (key: string) => boolean
  width: (key: string) => number
}

const placeOf = (account: string, list: string) => `columns/${account}/${list}`

function stored(place: string, known: readonly string[]): string[] | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(place) ?? 'null')
    return Array.isArray(kept) ? kept.filter((key) => known.includes(key)) : null
  } catch {
    return null
  }
}

/** The columns of a list; which are shown, each account chooses for itself in this browser. */
export function useColumns(list: string, all: readonly ListColumn[]): Columns {
  const place = placeOf(useSession().account?.id ?? '', list)
  const kept = ref(stored(place, all.map((column) => column.key)) ?? all.filter((column) => !column.hidden).map((column) => column.key))
  const chosen = computed({
    get: () => kept.value,
    set: (keys) => {
      kept.value = keys
      try {
        localStorage.setItem(place, JSON.stringify(keys))
      } catch {
        // A browser that keeps nothing shows what was chosen until the page is left.
      }
    },
  })
  return { all, chosen, shows: (key) => chosen.value.includes(key) || all.some((column) => column.fixed && column.key === key), width: (key) => all.find((column) => column.key === key)?.width ?? 100 }
}
