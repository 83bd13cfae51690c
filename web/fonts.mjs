// Fonts for printing, not for the pages: the ideographs of `hanamin` as TrueType files in the folder that is named.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decompress } from 'wawoff2'

const from = fileURLToPath(new URL('node_modules/hanamin', import.meta.url))
const to = process.argv[2]
for (const name of readdirSync(from)) {
  const [, stem] = /^(HanaMin[AB]\.CJK-.*)\.woff2$/.exec(name) ?? []
  if (stem) writeFileSync(join(to, `${stem}.ttf`), await decompress(readFileSync(join(from, name))))
}
