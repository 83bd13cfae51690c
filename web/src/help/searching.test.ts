import { afterEach, describe, expect, it, vi } from 'vitest'
import { miniSearch, wordsOf } from '../../manual/.vitepress/searching'

describe('words of the manual', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('are found in Chinese, which has no spaces', () => {
    expect(wordsOf('今日确认：签字和异议')).toEqual(expect.arrayContaining(['签字', '异议']))
  })

  it('are neither spaces nor marks', () => {
    expect(wordsOf(' “确认”， SHA-256 ')).toEqual(['确认', 'SHA', '256'])
  })

  it('are whole runs of characters where the browser cannot part them', () => {
    vi.stubGlobal('Intl', {})
    expect(wordsOf('今日确认：签字')).toEqual(['今日确认', '签字'])
  })

  it('are the same when the manual is built and when it is searched', () => {
    expect(miniSearch.options.tokenize).toBe(wordsOf)
  })
})
