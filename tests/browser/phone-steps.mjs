// What a technician does with a phone, in their words.
import { createHash } from 'node:crypto'
import { day } from './clock.mjs'
import { picture } from './pictures.mjs'
import { images, look, password, until, url } from './steps.mjs'

const HERE = { longitude: 121.1142, latitude: 31.1512, accuracy: 15 }

/** A phone in somebody's hand, at the pages for technicians. */
export async function phone() {
  const page = await look({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true, geolocation: HERE, permissions: ['geolocation'] })
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

export async function photograph(page, bytesAtLeast = 0) {
  const before = await page.locator('figure img').count()
  const buffer = await picture(page, bytesAtLeast)
  await page.setInputFiles('input[type=file]', { name: 'IMG.jpg', mimeType: 'image/jpeg', buffer })
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
  else if ((await field.locator('input[type=date]').count()) > 0) await field.locator('input').fill(day())
  else if (!(await field.locator('input, textarea').inputValue())) await field.locator('input, textarea').fill((await field.locator('[inputmode=decimal]').count()) ? '12.5' : '滤芯')
}

/** The sheet of this name, from the list of all that fit the point. */
export async function takeSheet(page, title) {
  await page.click('button:has-text("添加其他记录单")')
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

export const keep = (page, name) => images && page.screenshot({ path: `${images}/phone-${name}.png` })
export const chip = (page) => page.locator('.chip').innerText()
export const allSent = (page) => page.waitForFunction(() => document.querySelector('.chip')?.textContent.includes('已上传'))

/** A visit from signing in to signing out, with one sheet and nothing that a plan asked for. */
export async function visitOnce(page, point, enterprise = '') {
  await page.goto(`${url}/m/#/`)
  await page.locator('.task').filter({ hasText: point }).filter({ hasText: enterprise }).first().click()
  await page.waitForSelector('text=在用仪器')
  const asked = page.locator('.work input:checked')
  while (await asked.count()) await asked.first().uncheck()
  await next(page)
  await page.waitForSelector('text=精度 ±15 米')
  await next(page)
  await page.waitForSelector('text=添加其他记录单')
  const visit = new URL(page.url()).hash.split('/')[2]
  await takeSheet(page, '易耗品')
  await fillIn(page)
  await next(page)
  await page.waitForSelector('text=1 张')
  await next(page)
  await page.waitForSelector('text=精度 ±15 米')
  await sign(page)
  await next(page)
  await page.waitForSelector('text=已签退')
  await allSent(page)
  await until(page, `/views/visits/${visit}`, (found) => found.state === 'complete' && found.confirmation)
  return visit
}
