/// What the build does for the phone pages alone. Runs in Node, never in a browser.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { ComponentResolver } from 'unplugin-vue-components'
import type { Plugin, Rolldown } from 'vite'

type Bundle = Rolldown.OutputBundle
const ENTRY = 'm/index.html'
const SOURCE = new URL('./worker.js', import.meta.url)
const PAGE = new URL('../../../m/index.html', import.meta.url)

/** `<van-cell>` is Vant's Cell with the styles that it needs, and nothing else of Vant. */
export const vantResolver: ComponentResolver = {
  type: 'component',
  resolve(name: string) {
    if (!/^Van[A-Z]/.test(name)) return undefined
    const folder = name.slice(3).replace(/(?!^)([A-Z])/g, '-$1').toLowerCase()
    return { name: name.slice(3), from: 'vant', sideEffects: `vant/es/${folder}/style/index` }
  },
}

/** Vant's icon font names a host of its maker's. We draw our own icons, so the font goes altogether. */
export function withoutOutsideFont(): Plugin {
  return {
    name: 'qingyuan-without-outside-font',
    enforce: 'pre',
    transform(code, id) {
      return /vant\/.*\/icon\/index\.css$/.test(id.split('?')[0] ?? '') ? code.replace(/@font-face\s*{[^}]*}/g, '') : undefined
    },
  }
}

/** Writes the service worker with the names of what this build's phone entry is made of. */
export function shell(): Plugin {
  return {
    name: 'qingyuan-phone-shell',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      if (hasStores(bundle)) this.error('The phone pages import a store of the desk, which nobody makes there: whose account it is says src/phone/account.ts.')
      const files = ['/m/', '/mark.svg', '/m/app.webmanifest', ...filesOf(bundle)]
      const version = createHash('sha256').update(files.join()).update(readFileSync(PAGE)).digest('hex').slice(0, 12)
      const source = readFileSync(SOURCE, 'utf8').replace("'__VERSION__'", JSON.stringify(version)).replace('[/* __FILES__ */]', JSON.stringify(files))
      this.emitFile({ type: 'asset', fileName: 'm/worker.js', source })
    },
  }
}

/** The entry's script, what that imports now or later, and their styles. */
export function filesOf(bundle: Bundle): string[] {
  const found = new Set<string>()
  const visit = (name: string): void => {
    const chunk = bundle[name]
    if (chunk?.type !== 'chunk' || found.has(`/${name}`)) return
    found.add(`/${name}`)
    for (const style of chunk.viteMetadata?.importedCss ?? []) found.add(`/${style}`)
    for (const other of [...chunk.imports, ...chunk.dynamicImports]) visit(other)
  }
  for (const chunk of Object.values(bundle)) {
    if (chunk.type === 'chunk' && chunk.isEntry && chunk.facadeModuleId?.endsWith(ENTRY)) visit(chunk.fileName)
  }
  return [...found].sort()
}

/** Whether a script of the phone holds the library of the desk's stores. */
function hasStores(bundle: Bundle): boolean {
  return filesOf(bundle).some((file) => {
    const chunk = bundle[file.slice(1)]
    return chunk?.type === 'chunk' && chunk.moduleIds.some((id) => id.includes('/node_modules/pinia/'))
  })
}
