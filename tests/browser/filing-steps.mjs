// What people do on the pages of filings, in their words.
import { pickFrom } from './steps.mjs'

/** A scan of a paper: its title, and lines that make it another file than every other. */
export async function scan(page, title, ...lines) {
  const base64 = await page.evaluate(([title, lines]) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 720, height: 520 })
    const brush = canvas.getContext('2d')
    const write = (text, size, at) => Object.assign(brush, { fillStyle: '#222', font: `${size}px "Noto Sans SC"`, textAlign: 'center' }).fillText(text, 360, at)
    Object.assign(brush, { fillStyle: '#fdfbf4' }).fillRect(0, 0, 720, 520)
    Object.assign(brush, { strokeStyle: '#a33', lineWidth: 6 }).strokeRect(24, 24, 672, 472)
    write(title, 44, 140)
    lines.forEach((line, at) => write(line, 24, 230 + 44 * at))
    write('样张，仅供演示', 20, 460)
    return canvas.toDataURL('image/png').split(',')[1]
  }, [title, lines])
  return { name: `${title}.png`, mimeType: 'image/png', buffer: Buffer.from(base64, 'base64') }
}

/** The fields of an open form, by the names that the events have for them. */
export async function enter(page, form, values) {
  for (const [key, value] of Object.entries(values)) await put(page, page.locator(`${form} [data-field="${key}"]`), value)
}

async function put(page, field, value) {
  if (Array.isArray(value)) return tick(field, value)
  if (value.buffer) return send(field, value)
  if (await field.locator('.el-select').count()) return pickFrom(page, field.locator('.el-select').first(), value)
  const input = field.locator('input, textarea').first()
  await input.fill(value)
  if (await field.locator('.el-date-editor').count()) await input.press('Enter')
}

async function tick(field, words) {
  for (const word of words) await field.locator('label.el-checkbox', { hasText: word }).click()
}

/** A file counts once the store has acknowledged it; then it is shown by its name. */
async function send(field, file) {
  await field.locator('input[type=file]').setInputFiles(file)
  await field.locator('figcaption, li:has-text("已上传")', { hasText: file.name }).waitFor()
}

export async function saved(page, form) {
  await page.click(`${form} button:has-text("保存")`)
  await page.waitForSelector(form, { state: 'hidden' })
}

/** A question that a page asks once more; the answer to a grave one is red. */
export const means = (page, word) => page.click(`.el-message-box__btns button:is(.el-button--primary, .el-button--danger):has-text("${word}")`)

export const tab = (page, name) => page.click(`nav[aria-label="备案内容"] a:has-text("${name}")`)

/** A paper that is at this place of an open form, from one year ago to one year ahead unless said otherwise. */
export const paper = (at, values) => Object.fromEntries(Object.entries(values).map(([field, value]) => [`papers.${at}.${field}`, value]))

/** A workbook on the page of the import, until it says what would become of the rows. */
export async function bringIn(page, file, headline) {
  await page.setInputFiles('input[aria-label="选择 Excel 文件"]', file)
  await page.waitForSelector(`[role=alert] >> text=${headline}`)
}

/** Scans dropped together: each goes to the row that names it. */
export async function dropScans(page, files) {
  await page.setInputFiles('input[aria-label="选择扫描件"]', files)
  await page.waitForSelector('text=扫描件都已上传。')
}
