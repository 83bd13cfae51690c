// Lets a test of libs/standards ask the page's own check: forms and values on standard input, what it says on the output.
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { createServer } from 'vite'

const { forms, cases } = JSON.parse(await text(process.stdin))
const root = fileURLToPath(new URL('../..', import.meta.url))
const server = await createServer({ root, configFile: false, logLevel: 'error', appType: 'custom', server: { middlewareMode: true, ws: false, watch: null }, optimizeDeps: { noDiscovery: true } })
const { check } = await server.ssrLoadModule('/src/sheets/index.ts')
process.stdout.write(JSON.stringify(cases.map(({ form, values }) => check(forms[form], values))))
await server.close()
