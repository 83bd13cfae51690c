import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const PAGES = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.vue')).map((name) => `src/${name}`).map((path) => ({ path, source: readFileSync(path, 'utf8') }))
const STYLE = readFileSync('src/style.css', 'utf8')

it('a table that is wider than its page says so at its edges, and keeps its first column', () => {
  const rules = STYLE.slice(STYLE.indexOf('.wide-table {'), STYLE.indexOf('/* The drawer'))
  expect(rules).toMatch(/overflow-x: auto/)
  expect(rules.match(/local/g)).toHaveLength(2)
  expect(rules).toMatch(/first-child \{ position: sticky; left: 0/)
})

it('every table that scrolls by itself is such a one', () => {
  expect(PAGES.filter(({ source }) => source.includes('overflow-x: auto')).map(({ path }) => path)).toEqual([])
  expect(PAGES.filter(({ source }) => /<div[^>]*class="wide-table"[^>]*>\s*<table>/.test(source)).length).toBeGreaterThan(2)
})
