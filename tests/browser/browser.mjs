// A real Chromium from a locked package, with a Chinese font of its own: without one every character is an empty box.
import chromium from '@sparticuz/chromium'
import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium as playwright } from 'playwright-core'

const fonts = join(dirname(fileURLToPath(import.meta.url)), 'node_modules/@expo-google-fonts/noto-sans-sc')

function fontConfig() {
  const folder = join(tmpdir(), 'qingyuan-fonts')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'fonts.conf')
  const dirs = ['400Regular', '700Bold'].map((weight) => `<dir>${join(fonts, weight)}</dir>`).join('')
  writeFileSync(file, `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${dirs}<cachedir>${folder}</cachedir></fontconfig>`)
  return file
}

const QUIET = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--disable-quic']

/** A browser; `CHROMIUM` names another one than the package's. */
export async function open() {
  const executablePath = process.env.CHROMIUM ?? (await chromium.executablePath())
  const args = [...chromium.args.filter((arg) => !/headless|single-process|zygote/.test(arg)), ...QUIET]
  return playwright.launch({ executablePath, args, headless: true, env: { ...process.env, FONTCONFIG_FILE: fontConfig() } })
}
