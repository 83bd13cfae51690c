// Lets a test of libs/standards ask the page's own check of reports: documents on standard input, what it says of each on the output, one a line.
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { createServer } from 'vite'

const documents = JSON.parse(await text(process.stdin))
const root = fileURLToPath(new URL('../..', import.meta.url))
const server = await createServer({ root, configFile: false, logLevel: 'error', appType: 'custom', server: { middlewareMode: true, ws: false, watch: null }, optimizeDeps: { noDiscovery: true } })
const { check } = await server.ssrLoadModule('/src/checking/index.ts')
process.stdout.write(documents.map((document) => JSON.stringify(check(document))).join('\n'))
await server.close()
