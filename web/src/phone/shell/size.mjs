// The budget of the phone pages: everything that must arrive before the first task can be opened, as it travels.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const BUDGET_BYTES = 200 * 1024
const dist = new URL('../../../dist/', import.meta.url)
const worker = readFileSync(new URL('m/worker.js', dist), 'utf8')
const files = JSON.parse(/const FILES = (\[.*\])/.exec(worker)[1]).filter((name) => name.startsWith('/assets/'))
const bytes = files.reduce((sum, name) => sum + gzipSync(readFileSync(new URL(`.${name}`, dist)), { level: 9 }).length, 0)

console.log(`手机页面 ${(bytes / 1024).toFixed(1)} KB（gzip，${files.length} 个文件），上限 ${BUDGET_BYTES / 1024} KB`)
if (files.length === 0 || bytes > BUDGET_BYTES) process.exit(1)
