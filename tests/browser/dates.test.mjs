// A native date field writes the year first, as people in China do: the locale of a page does not reach it.
import assert from 'node:assert/strict'
import test from 'node:test'
import { open } from './browser.mjs'

/** The names of the parts of a field, in the order in which it shows them. Only the debugger sees them. */
function partsOf(node) {
  const name = node.attributes?.[node.attributes.indexOf('pseudo') + 1] ?? ''
  const part = /-edit-(year|month|day)-field$/.exec(name)
  return [...(part ? [part[1]] : []), ...(node.children ?? []), ...(node.shadowRoots ?? [])].flatMap((below) => (typeof below === 'string' ? [below] : partsOf(below)))
}

test('日期栏先写年', async () => {
  const browser = await open()
  try {
    const page = await browser.newPage({ locale: 'zh-CN' })
    await page.setContent('<input type="date" aria-label="日期">')
    const debugging = await page.context().newCDPSession(page)
    const { root } = await debugging.send('DOM.getDocument', { depth: -1, pierce: true })
    assert.deepEqual(partsOf(root), ['year', 'month', 'day'])
  } finally {
    await browser.close()
  }
})
