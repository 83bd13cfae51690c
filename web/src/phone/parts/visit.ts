import type { Ref } from 'vue'
import { db } from '../account'
import type { Forms } from '../forms'
import { useLive } from '../live'
import type { Operation } from '../outbox/operation'
import type { Colleague, PhotoKept, Sheet, Visit } from '../types'

export interface VisitKept {
  visit: Visit | null
  sheets: Sheet[]
  photos: PhotoKept[]
  operations: Operation[]
  forms: Forms | null
  colleagues: Colleague[]
}

/** One visit as this phone has it, and as it changes. */
export function useVisit(id: string): { kept: Ref<VisitKept>; ready: Ref<boolean> } {
  const { value: kept, ready } = useLive<VisitKept>(async () => ({
    visit: (await db().visits.get(id)) ?? null,
    sheets: await db().sheets.where('visit').equals(id).toArray(),
    photos: await db().photos.where('visit').equals(id).toArray(),
    operations: await db().outbox.where('visit').equals(id).toArray(),
    forms: await db().thing<Forms>('forms'),
    colleagues: (await db().thing<Colleague[]>('colleagues')) ?? [],
  }), { visit: null, sheets: [], photos: [], operations: [], forms: null, colleagues: [] })
  return { kept, ready }
}
