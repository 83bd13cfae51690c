// A real Chromium from a locked package, with a Chinese font of its own: without one every character is an empty box.
import chromium from '@sparticuz/chromium'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium as playwright } from 'playwright-core'

const fonts = join(dirname(fileURLToPath(import.meta.url)), 'node_modules/@expo-google-fonts/noto-sans-sc')

/** A folder of its own for each browser: one that reads the cache another has just written may die of it. */
function fontConfig() {
  const folder = mkdtempSync(join(tmpdir(), 'qingyuan-fonts-'))
  const file = join(folder, 'fonts.conf')
  const dirs = ['400Regular', '700Bold'].map((weight) => `<dir>${join(fonts, weight)}</dir>`).join('')
  writeFileSync(file, `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${dirs}<cachedir>${folder}</cachedir></fontconfig>`)
  return { folder, file }
}

const QUIET = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--disable-quic']

/** A browser; `CHROMIUM` names another one than the package's. */
export async function open() {
  const executablePath = process.env.CHROMIUM ?? (await chromium.executablePath())
  const args = [...chromium.args.filter((arg) => !/headless|single-process|zygote/.test(arg)), ...QUIET]
  const { folder, file } = fontConfig()
  const launch = () => playwright.launch({ executablePath, args, headless: true, env: { ...process.env, FONTCONFIG_FILE: file } })
  const browser = await launch().catch(launch) // one that dies before it shows anything says nothing about our pages
  browser.on('disconnected', () => rmSync(folder, { recursive: true, force: true }))
  return browser
}
