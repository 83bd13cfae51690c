import { get } from '../api'
import { Problem } from '../api/problem'

/** Hashes of a visit's files that the server does not have yet. Without a network nobody knows, and none is named. */
export async function missingOf(visit: string): Promise<ReadonlySet<string>> {
  try {
    return new Set((await get('/api/files/visits/{visit_id}/missing', { path: { visit_id: visit } })).missing)
  } catch (error) {
    if (error instanceof Problem) return new Set()
    throw error
  }
}
