import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { Intent } from '../../api/intent'
import type { Problem } from '../../api/problem'
import type { Accepted, FileRef } from '../../api/types'
import { evidenceFor } from '../../work/originals'

export const MISMATCH = 'version.mismatch'

export interface Sending {
  busy: Ref<boolean>
  problem: ShallowRef<Problem | null>
  /** A form begins: what is sent from it is a command of its own. */
  begin: () => void
  /** Null where it was refused; then `problem` says why. */
  send: <B extends object>(body: B, files: FileRef[], say: (body: B & { evidence?: string }, key: string) => Promise<Accepted>) => Promise<Accepted | null>
}

/** Sends what stands in a form, with the word of the files service for the scans that are new in it. */
export function useSending(): Sending {
  const busy = ref(false)
  const problem = shallowRef<Problem | null>(null)
  let intent = new Intent()
  const begin = () => {
    intent = new Intent()
    problem.value = null
  }
  const send: Sending['send'] = async (body, files, say) => {
    if (busy.value) return null
    busy.value = true
    problem.value = null
    try {
      const key = intent.keyFor(body)
      const evidence = await evidenceFor(files, key)
      return await say(evidence ? { ...body, evidence } : body, key)
    } catch (error) {
      problem.value = error as Problem
      return null
    } finally {
      busy.value = false
    }
  }
  return { busy, problem, begin, send }
}
