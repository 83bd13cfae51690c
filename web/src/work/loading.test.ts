import { describe, expect, it, vi } from 'vitest'
import { Problem } from '../api/problem'
import { patiently, useAsked, useList } from './loading'

const behind = new Problem(503, 'view.behind', '数据仍在同步')

describe('a page that asks', () => {
  it('asks again while the view is behind, and gives up in the end', async () => {
    const late = vi.fn().mockRejectedValueOnce(behind).mockRejectedValueOnce(behind).mockResolvedValue('there')
    expect(await patiently(late)).toBe('there')
    const never = vi.fn().mockRejectedValue(behind)
    await expect(patiently(never)).rejects.toBe(behind)
    expect(never).toHaveBeenCalledTimes(6)
  })

  it('takes any other refusal at its word', async () => {
    const refused = vi.fn().mockRejectedValue(new Problem(404, 'visit.missing', '没有'))
    await expect(patiently(refused)).rejects.toMatchObject({ status: 404 })
    expect(refused).toHaveBeenCalledOnce()
  })

  it('shows only the answer to the last question', async () => {
    const answers: ((text: string) => void)[] = []
    const { value, load } = useAsked(() => new Promise<string>((answer) => answers.push(answer)))
    const both = [load(), load()]
    answers[1]?.('second')
    answers[0]?.('first')
    await Promise.all(both)
    expect(value.value).toBe('second')
  })
})

describe('a list by pages', () => {
  it('goes on from where it ended, and starts anew with a new question', async () => {
    const ask = vi.fn(async (after: string | null) => (after ? { items: ['c'], next: null } : { items: ['a', 'b'], next: 'b' }))
    const { rows, next, load } = useList(ask)
    await load()
    await load(true)
    expect([rows.value, next.value]).toEqual([['a', 'b', 'c'], null])
    await load()
    expect(rows.value).toEqual(['a', 'b'])
  })

  it('says nothing of a page that was overtaken: totals belong to the rows they stand over', async () => {
    const answers: ((page: { items: string[]; next: null }) => void)[] = []
    const heard: string[][] = []
    const { load } = useList(() => new Promise<{ items: string[]; next: null }>((answer) => answers.push(answer)), (page) => heard.push(page.items))
    const both = [load(), load()]
    answers[1]?.({ items: ['new filter'], next: null })
    answers[0]?.({ items: ['old filter'], next: null })
    await Promise.all(both)
    expect(heard).toEqual([['new filter']])
  })
})
