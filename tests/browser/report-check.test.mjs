// A laboratory checks its pairs before it writes the report: no log-in, and nothing leaves the browser.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessible, chapter, keep, look, nothingWentWrong, start, stop, url } from './steps.mjs'

before(start)
after(stop)

/** As a spreadsheet copies it, with its heading; the third pair of the instrument has lost a digit. */
const NINE = [['参比方法', 'CEMS'], [812, 770], [798, 762], [805, 77.1], [821, 779], [809, 765], [795, 758], [803, 774], [818, 781], [806, 768]].map((line) => line.join('\t')).join('\r\n')
const WAIT = { timeout: 20_000 }
const asked = []
let page

const overall = () => page.locator('.overall h2').innerText(WAIT)
const cell = (number, name) => page.getByLabel(`第 ${number} 对 ${name}`, { exact: true })

chapter('the page is reached from where one logs in', async () => {
  page = await look({ viewport: { width: 1280, height: 900 }, permissions: ['clipboard-read', 'clipboard-write'] })
  await page.goto(`${url}/login`)
  await page.click('text=比对数据自查')
  await page.waitForSelector('text=还没有数据对')
})

chapter('nine pairs are pasted, and one of them fails the whole', async () => {
  page.on('request', (request) => request.url().includes('/api/') && asked.push(request.url()))
  await page.evaluate((text) => navigator.clipboard.writeText(text), NINE)
  await cell(1, '参比值').click()
  await page.keyboard.press('Control+V')
  assert.equal(await overall(), '不合格')
  assert.match(await page.innerText('.said[role=status]'), /已填入 9 行；第一行是表头，没有填入。/)
})

chapter('the pair is corrected, and the calculation is opened line by line', async () => {
  await cell(3, '仪器值').fill('771')
  await page.locator('.overall.pass').waitFor(WAIT)
  assert.equal(await overall(), '合格')
  await page.locator('.rule summary').first().click()
  const told = await page.innerText('.rule >> nth=0')
  for (const line of ['(|37.6667| + |3.5434|) / 807.444 × 100%', '5.10 %', '[715, ∞) mg/m³', '≤ 15 %']) assert.ok(told.includes(line), `${line} in ${told}`)
  await page.locator('.plot svg').waitFor(WAIT)
  await accessible(page, 'a verdict at 1280')
  await keep(page, 'report-check')
})

chapter('what is wrong is said at its cell, and of 5,000 rows none is taken', async () => {
  await cell(2, '仪器值').fill('762 mg')
  await page.waitForSelector('text=有 1 处需要更正')
  assert.match(await page.innerText('.grid .wrong'), /“762 mg”不是数字/)
  await page.evaluate(() => navigator.clipboard.writeText(Array.from({ length: 5000 }, () => '1\t2').join('\n')))
  await cell(1, '参比值').click()
  await page.keyboard.press('Control+V')
  await page.waitForSelector('text=粘贴了 5000 行')
  assert.equal(await cell(1, '参比值').inputValue(), '812')
})

chapter('every worked example has a result, as narrow as a phone too', async () => {
  await page.setViewportSize({ width: 390, height: 844 })
  const examples = page.locator('.examples button')
  for (let at = 0; at < (await examples.count()); at++) {
    await examples.nth(at).click()
    await page.locator('.overall').waitFor(WAIT)
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    assert.ok(over <= 0, `example ${at} is ${over} px too wide`)
    await accessible(page, `example ${at} at 390`)
  }
  assert.deepEqual(asked, [], 'nothing is asked of the server')
})

test('nothing went wrong on the way', nothingWentWrong)
