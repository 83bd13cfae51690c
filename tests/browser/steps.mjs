// What people do on the pages, in their words; every test of the browser is written with these.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { open } from './browser.mjs'
import { ahead, wind } from './clock.mjs'

export const { QINGYUAN_URL: url, QINGYUAN_PASSWORD: password, SHEETS: sheets, IMAGES: images } = process.env
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const PATIENCE_MS = 60_000
const hosts = new Set()
const tolerated = new Set()
const faults = []
const desks = new Map()
let browser

/** Another host that a story has to do with, as a signing service or WeChat. */
export const toleratedHost = (host) => tolerated.add(host)

export const start = async () => (browser = await open())
export async function stop() {
  await tell()
  await browser.close()
}

let broken = false

/** One chapter of a story; there is no next one where one fails. */
export const chapter = (name, told) => test(name, async (context) => {
  if (broken) return context.skip('an earlier chapter failed')
  broken = true
  await told()
  broken = false
})

/** What every window that is still open shows: whoever reads why a story failed was not there to look. */
async function tell() {
  for (const page of browser.contexts().flatMap((context) => context.pages())) {
    const text = await page.innerText('body', { timeout: 2000 }).catch((error) => error.message)
    console.log(`${page.url()}\n${text.replace(/\s*\n\s*/g, ' | ').slice(-1500)}\n`)
  }
}

/** Somebody's window. What is asked for and what goes wrong in it, and in others of the same person, is remembered until the end. */
export async function look(options = {}) {
  const context = await browser.newContext({ locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ...options })
  await wind(context)
  context.setDefaultTimeout(PATIENCE_MS)
  context.on('request', (request) => request.url().startsWith('http') && hosts.add(new URL(request.url()).host))
  context.on('weberror', (error) => faults.push(error.error().message))
  context.on('console', (message) => /Content Security Policy/.test(message.text()) && faults.push(message.text()))
  return context.newPage()
}

export async function stranger() {
  const page = await look()
  await page.goto(url)
  return page
}

/** Somebody comes to a page; where else an account's day begins is for the tests of that day. Who has a window open already is
 * logged in there too, but no session outlives a jump of the clock. */
export async function visit(account, path = '/enterprises') {
  const desk = `${account} ${ahead()}`
  const known = desks.get(desk)
  const page = known ? await known.newPage() : await look({ viewport: { width: 1440, height: 900 } })
  await page.goto(`${url}${path}`)
  if (!known) await logIn(page, account)
  await page.waitForSelector('.who')
  desks.set(desk, page.context())
  return page
}

async function logIn(page, account) {
  await page.fill('input[name=account]', account)
  await page.fill('input[name=password]', password)
  await page.click('button[type=submit]')
}

/** What the page hands to the person when this is clicked: a file's name and its bytes. */
export async function download(page, button) {
  const [file] = await Promise.all([page.waitForEvent('download'), page.click(button)])
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) }
}

/** A workbook is a zip archive, and a PDF says that it is one. */
export const isWorkbook = ({ bytes }) => bytes.subarray(0, 2).equals(Buffer.from('PK')) && bytes.length > 1000
export const isPdf = ({ bytes }) => bytes.subarray(0, 5).equals(Buffer.from('%PDF-')) && bytes.length > 1000

/** What a route answers to whoever is logged in on this page. */
export const ask = (page, path) => page.evaluate(async (route) => (await fetch(`/api${route}`)).json(), path)

/** Asks until it is so: what one service says reaches the others a moment later. */
export async function until(page, path, holds) {
  const end = Date.now() + PATIENCE_MS
  for (;;) {
    const found = await ask(page, path)
    if (holds(found)) return found
    assert.ok(Date.now() < end, `${path} never became what was waited for: ${JSON.stringify(found).slice(0, 600)}`)
    await pause(200)
  }
}

export async function accessible(page, where) {
  // What is still fading in has no contrast yet: look at it when it stands.
  const standing = () => document.getAnimations().every((one) => one.playState !== 'running' || one.effect?.getTiming().iterations === Infinity)
  await page.waitForFunction(standing)
  await page.evaluate(axe)
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }))
  // Element Plus names the list of a closed combobox before it makes the list: not ours to mend.
  const closed = (node) => /aria-controls/.test(JSON.stringify(node))
  const real = violations.map((one) => ({ ...one, nodes: one.nodes.filter((node) => one.id !== 'aria-valid-attr-value' || !closed(node)) }))
  const serious = real.filter((one) => ['serious', 'critical'].includes(one.impact) && one.nodes.length)
  assert.deepEqual(serious.map((one) => `${where}: ${one.id} ${one.nodes.map((node) => `${node.target} ${node.html.slice(0, 120)}`).join(' | ')}`), [])
}

export const keep = (page, name) => images && page.screenshot({ path: `${images}/${name}.png` })
export const field = (page, key) => page.locator(`.entry-dialog [data-field="${key}"]`)
export const write = (page, key, text) => field(page, key).locator('input').first().fill(text)

export const choose = (page, key, text) => pickFrom(page, field(page, key).locator('.el-select').first(), text)

/** One of a select's own options: those of another, which is just closing, are still to be seen and have the same names. */
export async function pickFrom(page, select, text) {
  await select.click()
  const list = await select.locator('input[role=combobox]').getAttribute('aria-controls')
  const option = page.locator(`#${list} .el-select-dropdown__item`, { hasText: text }).first()
  await option.scrollIntoViewIfNeeded()
  await option.click()
}

export async function openPoint(page, name) {
  await page.goto(`${url}/enterprises`)
  await page.click('button[aria-label^="企业排口"]')
  await page.click(`.point button:has-text("${name}")`)
  await page.waitForSelector(`.right h2:has-text("${name}")`)
}

export async function save(page) {
  await page.click('.entry-dialog button:has-text("保存")')
  await page.waitForSelector('.entry-dialog', { state: 'hidden' })
}

export const row = (page, text) => page.locator('.right .el-table__row', { hasText: text })

export async function more(page, text, action) {
  await row(page, text).locator('button:has-text("更多")').click()
  await page.locator('.el-dropdown-menu__item:visible', { hasText: new RegExp(`^${action}$`) }).click()
}

/** Over everything that happened: no other host was asked, no error, no breach of the policy. */
export function nothingWentWrong() {
  assert.deepEqual([...hosts].filter((host) => !tolerated.has(host)), [new URL(url).host])
  assert.deepEqual(faults, [])
}
