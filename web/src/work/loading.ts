import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { Problem } from '../api/problem'
import type { Page } from '../api/types'
import { latest } from '../latest'

const PATIENCE = 5

/** Asks again while the view has not yet seen what was just written; each time the server itself waits a moment. */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let left = PATIENCE; ; left--) {
    try {
      return await ask()
    } catch (error) {
      if (!left || !(error instanceof Problem) || error.code !== 'view.behind') throw error
    }
  }
}

export interface Asked<T> {
  value: ShallowRef<T | null>
  problem: ShallowRef<Problem | null>
  loading: Ref<boolean>
  load: () => Promise<void>
  /** Asks again unseen: what is shown stays where there is no answer. */
  refresh: () => Promise<void>
}

/** One thing that a page shows. Loading again keeps what is shown until the answer is there. */
export function useAsked<T>(ask: () => Promise<T>): Asked<T> {
  const value = shallowRef<T | null>(null)
  const problem = shallowRef<Problem | null>(null)
  const loading = ref(false)
  const asking = latest()

  async function load(): Promise<void> {
    const isLast = asking()
    loading.value = true
    problem.value = null
    try {
      const answer = await patiently(ask)
      if (isLast()) value.value = answer
    } catch (error) {
      if (isLast()) problem.value = error as Problem
    } finally {
      if (isLast()) loading.value = false
    }
  }
  async function refresh(): Promise<void> {
    if (loading.value) return
    const isLast = asking()
    const answer = await ask().catch(() => null)
    if (answer === null || !isLast()) return
    value.value = answer
    problem.value = null
  }
  return { value, problem, loading, load, refresh }
}

export interface Listed<T> {
  rows: ShallowRef<T[]>
  next: Ref<string | null>
  problem: ShallowRef<Problem | null>
  loading: Ref<boolean>
  load: (more?: boolean) => Promise<void>
}

/** A list by pages, each asked for from where the last one ended. `shown` hears of each page that is shown, and of no other. */
export function useList<T, P = unknown>(ask: (after: string | null) => Promise<Page<T> & P>, shown: (page: Page<T> & P) => void = () => undefined): Listed<T> {
  const rows = shallowRef<T[]>([])
  const next = ref<string | null>(null)
  const problem = shallowRef<Problem | null>(null)
  const loading = ref(false)
  const asking = latest()

  async function load(more = false): Promise<void> {
    const isLast = asking()
    loading.value = true
    problem.value = null
    try {
      const page = await patiently(() => ask(more ? next.value : null))
      if (!isLast()) return
      rows.value = more ? rows.value.concat(page.items) : page.items
      next.value = page.next
      shown(page)
    } catch (error) {
      if (isLast()) problem.value = error as Problem
    } finally {
      if (isLast()) loading.value = false
    }
  }
  return { rows, next, problem, loading, load }
}
