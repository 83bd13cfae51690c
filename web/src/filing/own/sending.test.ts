import { describe, expect, it, vi } from 'vitest'
import { ref } from 'vue'
import { useLeaving } from './sending'

describe('a dialog that goes away', () => {
  const steps: string[] = []
  const unsaved = { begin: vi.fn(), end: () => void steps.push('end'), beforeClose: async (done: () => void) => (steps.push('ask'), done()) }
  const leaving = () => {
    steps.length = 0
    const open = ref(true)
    return { open, ...useLeaving(open, unsaved, () => void steps.push('done')) }
  }

  it('has sent what was typed, and what is behind it is asked for again', () => {
    const { open, leave } = leaving()
    leave()
    expect([open.value, steps]).toEqual([false, ['end', 'done']])
  })

  it('is asked first where something typed would be lost', () => {
    const { open, lookAgain } = leaving()
    lookAgain()
    expect([open.value, steps]).toEqual([false, ['ask', 'end', 'done']])
  })

  it('may only close', () => {
    const { open, close } = leaving()
    close()
    expect([open.value, steps]).toEqual([false, []])
  })
})
