import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { Intent } from '../../api/intent'
import type { Problem } from '../../api/problem'
import type { Accepted, FileRef } from '../../api/types'
import type { Unsaved } from '../../forms/unsaved'
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

export interface Leaving {
  /** Without anything done; what was typed is asked about by the caller. */
  close: () => void
  /** What was typed is sent, or no longer counts: the page shows the newest state. */
  leave: () => void
  /** The same where something typed would be lost, which is asked about. */
  lookAgain: () => void
}

/** How a dialog that sends something goes away. `done`: what is behind it is asked for again. */
export function useLeaving(open: Ref<boolean>, unsaved: Unsaved, done: () => void): Leaving {
  const close = () => void (open.value = false)
  const leave = () => {
    unsaved.end()
    close()
    done()
  }
  return { close, leave, lookAgain: () => void unsaved.beforeClose(leave) }
}
