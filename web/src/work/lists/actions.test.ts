import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const PAGES = import.meta.glob<string>('../../**/*.vue', { query: '?raw', import: 'default', eager: true })
const COLUMN = /<el-table-column[^>]*label="操作"[^>]*>/g

describe('what can be done with a row', () => {
  it('stands in a column that is fixed at the right edge, in every table', () => {
    const columns = Object.entries(PAGES).flatMap(([page, text]) => [...text.matchAll(COLUMN)].map((found) => [page, found[0]] as const))
    expect(columns.length).toBeGreaterThan(4)
    expect(columns.filter(([, column]) => !column.includes('fixed="right"'))).toEqual([])
  })

  it('stays there in a narrow window, where it takes no more than a third of it', () => {
    const [, narrow = ''] = readFileSync('src/style.css', 'utf8').split('@media (width < 700px)')
    expect(narrow).not.toContain('el-table-fixed-column--right')
    const widths = Object.values(PAGES).flatMap((text) => [...text.matchAll(COLUMN)].map((found) => Number(/width="(?:narrow \? )?(\d+)/.exec(found[0])?.[1])))
    expect(Math.max(...widths)).toBeLessThanOrEqual(130)
  })

  it('is chosen with filters that fold, wherever there is a search', () => {
    const own = Object.entries(PAGES).filter(([page, text]) => text.includes('role="search"') && !page.endsWith('FilterBar.vue'))
    expect(own.map(([page]) => page)).toEqual([])
  })
})
