// What pages say when something is not there: taken by a restore, taken away by a release, or not to be had just now.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { now } from './clock.mjs'
import { accessible, ask, at, BOARD, download, isPdf, keep, nothingWentWrong, start, stop, url } from './work-steps.mjs'

before(start)
after(stop)

test('a confirmation that a restore has made void says why, and asks for nothing', async () => {
  const page = await at('demo-enterprise', '/confirmations')
  const { id, visit_id } = (await ask(page, '/views/confirmations?state=signed')).items[0]
  const why = '该次运维的部分内容在系统恢复时丢失，确认作废，按保留的内容重新请求确认。'
  await voided(page, id, why)
  await page.goto(`${url}/visits/${visit_id}`)
  await page.waitForSelector(`.steps >> text=${why}`)
  await page.waitForSelector('.panel header >> text=已作废')
  assert.equal(await page.locator('.panel .clock, .actions button').count(), 0, 'no time is left for what is not asked')
  await accessible(page, 'void')
  await keep(page, 'voided')
})

test('a visit that a restore has lost is said to be gone, and its confirmation tells what happened', async () => {
  const page = await at('demo-enterprise', '/confirmations')
  const { id, visit_id } = (await ask(page, '/views/confirmations?state=signed')).items[0]
  const why = '该次运维的记录在系统恢复时丢失，确认作废。'
  await page.route(`**/api/views/visits/${visit_id}`, (route) => route.fulfill({ status: 404, json: { code: 'not_found', title: '没有找到，或您无权查看。', status: 404 } }))
  await voided(page, id, why)
  await page.goto(`${url}/visits/${visit_id}?confirmation=${id}`)
  await page.waitForSelector('h1:has-text("这次运维已不在")')
  await page.waitForSelector(`text=${why}`)
  await accessible(page, 'visit that is gone')
  await keep(page, 'visit-gone')
})

/** From now on this page is told that a restore has made a confirmation void. */
async function voided(page, id, why) {
  await page.route(`**/api/views/confirmations/${id}`, async (route) => {
    const confirmation = await (await route.fetch()).json()
    const steps = [...confirmation.steps, { what: 'voided', at: new Date(now()).toISOString(), by: null, text: why, photos: [] }]
    await route.fulfill({ json: { ...confirmation, state: 'voided', signed_at: null, late: null, steps } })
  })
}

test('what is printed elsewhere is not printed here at once: the page says so, and gives it afterwards', async () => {
  const page = await at('demo-enterprise', '/confirmations')
  const { visit_id } = (await ask(page, '/views/confirmations?state=signed')).items[0]
  await page.goto(`${url}/visits/${visit_id}`)
  const busy = { code: 'printing.busy', title: '正在打印的记录较多，请稍后重试。', status: 503 }
  await page.route('**/api/views/visits/*.pdf', (route) => route.fulfill({ status: 503, headers: { 'Retry-After': '1' }, json: busy }))
  await page.click('button:has-text("下载可打印的记录（PDF）")')
  await page.waitForSelector(`text=${busy.title}`)
  await page.unroute('**/api/views/visits/*.pdf')
  assert.ok(isPdf(await download(page, 'button:has-text("下载可打印的记录（PDF）")')))
})

test('a page that a release has taken away is said so, and a refresh leads on to it', async () => {
  const page = await at('demo-city', BOARD)
  await page.waitForSelector('tbody td a')
  await page.route('**/assets/*.js', (route) => route.fulfill({ status: 404, body: '' }))
  await page.click('nav a:has-text("仪器清单")')
  await page.waitForSelector('.missing >> text=系统已有新版本，请刷新页面后继续。')
  await accessible(page, 'after a release')
  await keep(page, 'new-version')
  await page.unroute('**/assets/*.js')
  await page.click('.missing button:has-text("重新加载")')
  await page.waitForSelector('text=/共 \\d+ 台/')
})

test('no page asked any other host, and none broke its own policy', nothingWentWrong)
