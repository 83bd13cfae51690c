// What people do on the desktop pages of the working day, in their words.
import { day } from './clock.mjs'
import { password, pickFrom } from './steps.mjs'

export { accessible, ask, download, isPdf, keep, nothingWentWrong, start, stop, stranger, until, url, visit as at } from './steps.mjs'

/** A small file that is a PDF by its content, not only by its name. */
export const PAPER = {
  name: '运维合同.pdf', mimeType: 'application/pdf',
  buffer: Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n'),
}

export async function pick(page, label, text) {
  await pickFrom(page, page.locator(`.el-select:has([aria-label="${label}"])`).first(), text)
  await page.keyboard.press('Escape')
}

export async function period(page, label, from, to) {
  const fields = page.locator(`.el-date-editor:has(input)`, { has: page.locator('.el-range-input') }).and(page.locator(`[aria-label="${label}"], :has([aria-label="${label}"])`)).first().locator('input')
  await fields.nth(0).fill(from)
  await fields.nth(1).fill(to)
  await fields.nth(1).press('Enter')
}

/** A name by hand, with a mouse. */
export async function draw(page) {
  const field = page.locator('canvas')
  await field.scrollIntoViewIfNeeded()
  const box = await field.boundingBox()
  const places = [[0.2, 0.3], [0.3, 0.7], [0.4, 0.35], [0.55, 0.7], [0.7, 0.4], [0.8, 0.6]]
  await page.mouse.move(box.x + box.width * 0.15, box.y + box.height * 0.5)
  await page.mouse.down()
  for (const [x, y] of places) await page.mouse.move(box.x + box.width * x, box.y + box.height * y, { steps: 6 })
  await page.mouse.up()
  await page.waitForSelector('.clear:not([disabled])')
}

export async function sign(page, secret = password) {
  await page.fill('form.sign input[type=password]', secret)
  await page.locator('form.sign button[type=submit]').click()
}

/** The regulator's board of the days on which the town has work: on the first days of a month it begins with the month before. */
export const BOARD = `/board?from=${day(-30)}&to=${day()}`

/** The bottom line of the regulator's board, by the names of its columns. */
export async function figures(page) {
  await page.waitForSelector('tfoot td')
  const [names, numbers] = [await page.locator('thead th').allInnerTexts(), await page.locator('tfoot td').allInnerTexts()]
  return Object.fromEntries(names.slice(1).map((name, place) => [name, Number(numbers[place].replace(/,/g, ''))]))
}
