// The budget of the phone pages: everything that must arrive before the first task, or the first confirmation, can be opened, as it travels.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const BUDGET_BYTES = 200 * 1024
const dist = new URL('../../../dist/', import.meta.url)
const read = (name) => readFileSync(new URL(`.${name}`, dist), 'utf8')
const kept = JSON.parse(/const FILES = (\[.*\])/.exec(read('/m/worker.js'))[1]).filter((name) => name.startsWith('/assets/'))
const scripts = (name, pattern) => [...read(name).matchAll(pattern)].map(([, file]) => `/assets/${file}`)
const AT_ONCE = /(?:from|import)\s*["'`]\.\/([\w.-]+\.js)["'`]/g
const LATER = /import\(\s*["'`]\.\/([\w.-]+\.js)["'`]\s*\)/g

/** A script and all that it imports at once. */
function withImports(name, found = new Set()) {
  if (found.has(name)) return found
  found.add(name)
  for (const other of scripts(name, AT_ONCE)) withImports(other, found)
  return found
}

const styles = kept.filter((name) => name.endsWith('.css'))
const entry = /src="(\/assets\/[\w.-]+\.js)"/.exec(read('/m/index.html'))[1]
const shared = withImports(entry)
const pieces = [...new Set([...shared].flatMap((name) => scripts(name, LATER)))]
const sizeOf = (names) => [...names].reduce((sum, name) => sum + gzipSync(readFileSync(new URL(`.${name}`, dist)), { level: 9 }).length, 0)

const nameOf = (file) => /\/([\w.]+)-[^/]+$/.exec(file)[1]

let isTooLarge = pieces.length === 0
for (const piece of pieces) {
  const others = pieces.filter((other) => other !== piece).map(nameOf)
  const bytes = sizeOf(new Set([...styles.filter((style) => !others.includes(nameOf(style))), ...shared, ...withImports(piece)]))
  isTooLarge ||= bytes > BUDGET_BYTES
  console.log(`手机页面 ${nameOf(piece)} ${(bytes / 1024).toFixed(1)} KB（gzip），上限 ${BUDGET_BYTES / 1024} KB`)
}
if (isTooLarge) process.exit(1)
