import { nextTick, reactive } from 'vue'
import { describe, expect, it, vi } from 'vitest'
import { useTyped, useWhen } from './register'

describe('what a list of the register is asked for', () => {
  it('is searched for when the text is whole, and follows the address', async () => {
    const filter = reactive({ search: '清泉' })
    const again = vi.fn()
    const typed = useTyped(filter, again)
    expect(typed.text).toBe('清泉')
    typed.text = ' 化工 '
    expect(filter.search).toBe('清泉')
    typed.search()
    expect(filter.search).toBe('化工')
    expect(again).not.toHaveBeenCalled()
    typed.search()
    expect(again).toHaveBeenCalledOnce()
    filter.search = ''
    await nextTick()
    expect(typed.text).toBe('')
  })

  it('has no day where none is chosen', () => {
    const filter = reactive({ as_of: '2026-11-01', as_known: '' })
    const { asOf, asKnown } = useWhen(filter)
    expect([asOf.value, asKnown.value]).toEqual(['2026-11-01', null])
    asOf.value = null
    expect(filter.as_of).toBe('')
  })
})
