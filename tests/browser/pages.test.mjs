// Every page of everybody's menu, and one record of each list: wide, narrow and as narrow as a phone; readable, accessible, without a warning.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessible, keep, look, nothingWentWrong, password, start, stop, url, visit as at } from './steps.mjs'

before(start)
after(stop)

const WIDTHS = [1440, 1280, 1024, 390]
/** Where each kind of account finds itself after it has logged in. */
const FIRST = {
  'demo-admin': '/enterprises', 'demo-city': '/board', 'demo-district': '/board', 'demo-enterprise': '/today', 'demo-operator': '/duties',
  'demo-signatory': '/today', 'demo-quality': '/duties', 'demo-reader': '/board', 'demo-security': '/security/locks', 'demo-audit': '/security-log',
}
/** A row's own page, from the list that leads to it. */
const INTO = { '/visits': '/visits/', '/contracts': '/contracts/', '/plans': '/plans/', '/enterprises': '/enterprises/', '/confirmations': '/visits/' }

/** What no menu leads to, but another page does. */
const ALSO = {
  '/filing': ['person', 'device', 'vehicle', 'spare_part', 'steps'].map((tab) => `/filing/${tab}`),
  '/papers': ['/impossible'],
  '/credit': ['/credit/annual'],
  '/duties': ['/mine', '/messages'],
  '/today': ['/mine', '/messages'],
  '/board': ['/mine', '/messages'],
}
const OF_OPERATOR = ['', '/review', '/credit', '/credit/annual']

for (const [account, first] of Object.entries(FIRST))
  test(`the pages of ${account}`, async () => {
    const page = await look({ viewport: { width: WIDTHS[0], height: 900 } })
    await page.goto(url)
    await page.fill('input[name=account]', account)
    await page.fill('input[name=password]', password)
    await page.click('button[type=submit]')
    await page.waitForSelector('.who')
    await page.waitForURL((there) => there.pathname !== '/login')
    assert.equal(new URL(page.url()).pathname, first)
    const warnings = [] // what the browser says of the question who is there, before the log-in, is meant
    page.on('console', (message) => ['warning', 'error'].includes(message.type()) && warnings.push(`${page.url()}: ${message.text()}`))
    const menu = await page.locator('nav[aria-label=主菜单] a').evaluateAll((links) => links.map((link) => link.getAttribute('href')))
    assert.ok(menu.includes(first))
    for (const path of menu) await walk(page, path, account)
    if (menu.includes('/filings')) await walkFilings(page, account)
    assert.deepEqual(warnings, [])
  })

async function walk(page, path, account) {
  for (const shown of [path, ...(ALSO[path] ?? [])]) await see(page, shown, `${account} ${shown}`)
  const into = INTO[path]
  if (!into) return
  await page.goto(`${url}${path}`)
  await stands(page, path)
  const links = await page.locator(`main a[href^="${into}"]`).evaluateAll((all) => all.map((link) => link.getAttribute('href')))
  if (links.length) await see(page, links[0], `${account} ${into}*`)
}

/** Every page about one operator that waits for a review. */
async function walkFilings(page, account) {
  await page.goto(`${url}/filings`)
  const review = await page.locator('main a[href$="/review"]').first().getAttribute('href')
  const of = review.replace('/review', '')
  await see(page, '/filings?list=all', `${account} /filings?list=all`)
  for (const part of OF_OPERATOR) await see(page, of + part, `${account} /filings/*${part}`)
  await see(page, `/impossible?operator_id=${of.split('/').pop()}`, `${account} /impossible`)
}

async function see(page, path, where) {
  await page.goto(`${url}${path}`)
  await stands(page, path)
  await fits(page, where)
}

/** What a page waits for has come, and it is no refusal. */
async function stands(page, path) {
  await page.waitForSelector('main h1, main h2')
  await page.waitForFunction(() => !document.querySelector('main .el-skeleton, main .el-loading-mask:not([style*="display: none"])'))
  assert.ok(!/没有这个页面|没有权限|出错了/.test(await page.innerText('main')), `${path} is a refusal`)
}

async function fits(page, where) {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 })
    const over = await page.evaluate(() => {
      const room = document.documentElement.clientWidth
      const main = document.querySelector('main')
      return Math.max(document.documentElement.scrollWidth - room, main.scrollWidth - main.clientWidth)
    })
    assert.ok(over <= 1, `${where} is ${over} px too wide at ${width}`)
    if (width === 1280 || width === 390) await accessible(page, `${where} at ${width}`)
    if (process.env.LOOK) await page.screenshot({ path: `${process.env.LOOK}/${where.replace(/[/* ]+/g, '_')}_${width}.png` })
  }
  await page.setViewportSize({ width: WIDTHS[0], height: 900 })
}

test('the page of filed operators, which needs no log-in', async () => {
  const page = await look({ viewport: { width: WIDTHS[0], height: 900 } })
  await page.goto(`${url}/public/operators`)
  await page.waitForSelector('.list li')
  await fits(page, 'nobody /public/operators')
})

test('the page that checks data of a comparison, which needs no log-in', async () => {
  const page = await look({ viewport: { width: WIDTHS[0], height: 900 } })
  await page.goto(`${url}/public/check`)
  await page.waitForSelector('main h1')
  await fits(page, 'nobody /public/check')
})

test('what the manual shows of the lists', async () => {
  const page = await at('demo-operator', '/contracts')
  await stands(page, '/contracts')
  await keep(page, 'contracts')
  await page.goto(`${url}/plans`)
  await stands(page, '/plans')
  await page.waitForSelector('.block')
  await keep(page, 'plans')
  await page.goto(`${url}/cycles`)
  await stands(page, '/cycles')
  await keep(page, 'cycles')
  const city = await at('demo-city', '/board')
  await stands(city, '/board')
  await keep(city, 'board')
  await city.goto(`${url}/confirmations`)
  await stands(city, '/confirmations')
  await keep(city, 'confirmations')
  const nobody = await look({ viewport: { width: 1280, height: 800 } })
  await nobody.goto(`${url}/login`)
  await nobody.waitForSelector('button[type=submit]')
  await keep(nobody, 'login')
})

test('nothing went wrong on the way', nothingWentWrong)
