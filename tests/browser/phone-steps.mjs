// What a technician does with a phone, in their words.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { open } from './browser.mjs'
import { password, url } from './steps.mjs'

const PATIENCE_MS = 60_000
const HERE = { longitude: 121.1142, latitude: 31.1512, accuracy: 15 }
const hosts = new Set()
const faults = []
let browser
let pictures = 0

export const start = async () => (browser = await open())
export const stop = async () => browser.close()

/** A phone in somebody's hand, at the pages for technicians. */
export async function phone() {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', geolocation: HERE, permissions: ['geolocation'] })
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  page.on('request', (request) => request.url().startsWith('http') && hosts.add(new URL(request.url()).host))
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => /Content Security Policy/.test(message.text()) && faults.push(message.text()))
  await page.goto(`${url}/m/`)
  return page
}

export async function logIn(page, account) {
  await page.fill('input[name=account]', account)
  await page.fill('input[name=password]', password)
  await page.click('button[type=submit]')
  await page.waitForSelector('.task')
}

/** The shell has been kept and answers for this page: from here on a reload needs no network. */
export const shellIsKept = (page) => page.waitForFunction(() => navigator.serviceWorker.controller !== null)

/** A photograph as a camera makes it: large, and no two alike. */
export async function picture(page, bytesAtLeast = 0) {
  const base64 = await page.evaluate(([seed, side]) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: side, height: side })
    const brush = canvas.getContext('2d')
    for (let at = 0; at < 4000; at++) {
      brush.fillStyle = `hsl(${(at * 47 + seed * 91) % 360} 60% ${30 + ((at * 13 + seed) % 40)}%)`
      brush.fillRect((at * 7919) % side, (at * 104729 + seed * 31) % side, 40, 40)
    }
    return canvas.toDataURL('image/jpeg', 0.92).split(',')[1]
  }, [++pictures, 1800])
  const bytes = Buffer.from(base64, 'base64')
  // What a camera appends behind the picture belongs to its file, and so to its hash.
  return Buffer.concat([bytes, Buffer.alloc(Math.max(0, bytesAtLeast - bytes.length), pictures)])
}

export async function photograph(page, bytesAtLeast = 0) {
  const before = await page.locator('figure img').count()
  const buffer = await picture(page, bytesAtLeast)
  await page.setInputFiles('input[type=file]', { name: `IMG_${pictures}.jpg`, mimeType: 'image/jpeg', buffer })
  await page.waitForFunction((count) => document.querySelectorAll('figure img').length > count, before)
  return createHash('sha256').update(buffer).digest('hex')
}

/** Every field that must be filled, as large as they are. */
export async function fillIn(page) {
  for (const field of await page.locator('.field:has(.star)').all()) await fillField(field)
}

async function fillField(field) {
  if (await field.locator('[role=radio]').count()) {
    if ((await field.locator('[aria-checked=true]').count()) === 0) await field.locator('[role=radio]').first().click()
  } else if (await field.locator('.now').count()) await field.locator('.now').click()
  else if (await field.locator('select').count()) await field.locator('select').selectOption({ index: 1 })
  else if ((await field.locator('input[type=date]').count()) > 0) await field.locator('input').fill(new Date().toISOString().slice(0, 10))
  else if (!(await field.locator('input, textarea').inputValue())) await field.locator('input, textarea').fill('12.5')
}

/** The sheet of this name, from the list of all that fit the point. */
export async function takeSheet(page, title) {
  await page.click('button:has-text("添加其他记录表")')
  await page.locator('.picker .tap', { hasText: title }).first().click()
  await page.waitForSelector('.field')
}

export const next = (page) => page.locator('.action button').last().click()

export async function sign(page) {
  const area = page.locator('canvas')
  await area.scrollIntoViewIfNeeded()
  const box = await area.boundingBox()
  await page.mouse.move(box.x + 40, box.y + 90)
  await page.mouse.down()
  for (let at = 0; at < 30; at++) await page.mouse.move(box.x + 40 + at * 7, box.y + 90 + Math.sin(at / 3) * 50)
  await page.mouse.up()
}

export const chip = (page) => page.locator('.chip').innerText()
export const allSent = (page) => page.waitForFunction(() => document.querySelector('.chip')?.textContent.includes('已上传'))

/** What the server itself says, asked in the session of this phone. */
export const ask = (page, path) => page.evaluate(async (at) => (await fetch(`/api${at}`)).json(), path)

/** Asks until it is so: what a phone has sent is seen by the views a moment later. */
export async function until(page, path, holds) {
  const end = Date.now() + PATIENCE_MS
  for (;;) {
    const found = await ask(page, path)
    if (holds(found)) return found
    assert.ok(Date.now() < end, `${path} never became what was waited for: ${JSON.stringify(found).slice(0, 600)}`)
    await pause(200)
  }
}

export function nothingWentWrong() {
  assert.deepEqual([...hosts], [new URL(url).host])
  assert.deepEqual(faults, [])
}
