// The enterprise's part of the day on a phone: what a technician did is read and signed, and what is not so is disputed with a photograph.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { keep as keepOfPhone, logIn, phone, sign as drawOnPhone, visitOnce } from './phone-steps.mjs'
import { picture } from './pictures.mjs'
import { accessible, ask, at, nothingWentWrong, start, stop, until, url } from './work-steps.mjs'
import { chapter, password } from './steps.mjs'

before(start)
after(stop)

const POINTS = ['1 号锅炉废气测点', '车间废水测点']
const ACTION = '.action button'
let technician
let enterprise
const visits = []

const confirmationOf = async (page, visit) => (await until(page, `/views/visits/${visit}`, (found) => found.confirmation)).confirmation

async function nothingSideways(page, where) {
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), 0, `${where} scrolls sideways`)
  await accessible(page, where)
}

/** A picture out of the store is there to be seen, not only named. */
const seen = (page, picture) => page.waitForFunction((selector) => [...document.querySelectorAll(selector)].some((image) => image.complete && image.naturalWidth > 0), picture)

async function signHere(page, secret) {
  await page.waitForSelector('canvas')
  await drawOnPhone(page)
  await page.fill('input[name=password]', secret)
  await page.click('form button[type=submit]')
}

chapter('a technician makes two visits', async () => {
  technician = await phone()
  await logIn(technician, 'demo-technician')
  for (const point of POINTS) visits.push(await visitOnce(technician, point))
})

chapter('who follows a link logs in between, and reads what the link is about', async () => {
  const { id } = await confirmationOf(technician, visits[0])
  enterprise = await phone()
  await enterprise.goto(`${url}/m/#/confirmations/${id}`)
  await enterprise.fill('input[name=account]', 'demo-enterprise')
  await enterprise.fill('input[name=password]', password)
  await enterprise.click('button[type=submit]')
  await enterprise.waitForSelector(`h1:has-text("${POINTS[0]}")`)
  await enterprise.waitForSelector('.sheet')
  await enterprise.waitForSelector('text=/还有 \\d+ 小时|还有 0 小时/')
  await until(enterprise, `/views/confirmations/${id}`, (found) => found.state === 'opened')
  await nothingSideways(enterprise, 'confirmation on the phone')
  await keepOfPhone(enterprise, 'sign-read')
})

chapter('what was read can be read again without a network, and is not signed without one', async () => {
  const page = enterprise
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  await page.context().setOffline(true)
  await page.reload()
  await page.waitForSelector('text=签字和提出异议需要网络')
  await page.waitForSelector('.sheet')
  assert.ok(await page.locator(`${ACTION}:has-text("签字确认")`).isDisabled())
  await accessible(page, 'confirmation without a network')
  await page.context().setOffline(false)
  await page.click('.notice button:has-text("重试")')
  await page.waitForSelector('.notice:has-text("需要网络")', { state: 'detached' })
})

chapter('a wrong password signs nothing; the right one signs, and leads on to the next', async () => {
  const page = enterprise
  await page.click(`${ACTION}:has-text("签字确认")`)
  await page.waitForSelector('canvas')
  await page.click('form button[type=submit]')
  await page.waitForSelector('text=请先手写签名。')
  await signHere(page, 'not this one')
  await page.waitForSelector('form [role=alert]:has-text("身份验证未通过")')
  await nothingSideways(page, 'signing on the phone')
  await keepOfPhone(page, 'sign-form')
  const { id, state } = await confirmationOf(page, visits[0])
  assert.equal(state, 'opened')
  await page.fill('input[name=password]', password)
  await page.click('form button[type=submit]')
  await page.waitForSelector('.result:has-text("已按时签字")')
  await page.waitForSelector('text=内容与签字时一致')
  await seen(page, '.drawn')
  await nothingSideways(page, 'signed on the phone')
  await keepOfPhone(page, 'sign-done')
  await until(page, `/views/confirmations/${id}`, (found) => found.state === 'signed' && found.late === false)
  await page.click(`${ACTION}:has-text("下一项：")`)
  await page.waitForSelector('.sheet')
  assert.notEqual(new URL(page.url()).hash, `#/confirmations/${id}`)
})

chapter('a signature whose answer is lost is sent again as the same, and is recorded once', async () => {
  const page = enterprise
  visits.push(await visitOnce(technician, POINTS[0]))
  const { id } = await confirmationOf(technician, visits[2])
  await page.goto(`${url}/m/#/confirmations/${id}`)
  await page.click(`${ACTION}:has-text("签字确认")`)
  const keys = []
  await page.route('**/signature', async (route) => {
    keys.push(route.request().headers()['idempotency-key'])
    await route.fetch()
    await route.abort()
  })
  await signHere(page, password)
  await page.waitForSelector('text=签字不会在后台排队')
  await page.unroute('**/signature')
  page.on('request', (request) => request.url().endsWith('/signature') && keys.push(request.headers()['idempotency-key']))
  await page.route('**/api/views/confirmations/*', async (route) => {
    const found = await (await route.fetch()).json()
    await route.fulfill({ json: { ...found, state: 'opened', signed_at: null, late: null, signature: null, signed_content_sha256: null } })
  })
  await page.reload()
  await page.waitForSelector('text=上次签字没有收到系统的答复')
  await accessible(page, 'signature without an answer')
  await page.unroute('**/api/views/confirmations/*')
  await page.click('button:has-text("再次提交")')
  await page.waitForSelector('.result:has-text("已按时签字")')
  assert.deepEqual([keys.length, new Set(keys).size], [2, 1])
  const { steps } = await ask(page, `/views/confirmations/${id}`)
  assert.equal(steps.filter(({ what }) => what === 'signed').length, 1)
})

chapter('what is not so is disputed with a photograph; what is written survives a reload', async () => {
  const page = enterprise
  await page.goto(`${url}/m/#/confirmations`)
  await page.waitForSelector('section[aria-label="待今日签字"] .tap')
  await nothingSideways(page, 'list of what is to be signed')
  await keepOfPhone(page, 'sign-list')
  const { id } = await confirmationOf(page, visits[1])
  await page.click(`.tap[href$="${id}"]`)
  await page.click(`${ACTION}:has-text("有异议")`)
  await page.click('form button[type=submit]')
  await page.waitForSelector('text=请填写异议内容。')
  await page.fill('form textarea', '更换的数量与现场不符，见照片。')
  await page.setInputFiles('form input[type=file]', { name: 'IMG.jpg', mimeType: 'image/jpeg', buffer: await picture(page, 0, 900) })
  await page.waitForSelector('button:has-text("移除")')
  await nothingSideways(page, 'dispute on the phone')
  await keepOfPhone(page, 'sign-dispute')
  await page.reload()
  await page.click(`${ACTION}:has-text("有异议")`)
  await page.waitForSelector('button:has-text("移除")')
  assert.equal(await page.locator('form textarea').inputValue(), '更换的数量与现场不符，见照片。')
  await page.click('form button[type=submit]')
  await page.waitForSelector('.steps >> text=更换的数量与现场不符，见照片。')
  await seen(page, '.steps img')
  const found = await until(page, `/views/confirmations/${id}`, (one) => one.state === 'disputed')
  assert.equal(found.steps.filter(({ what }) => what === 'disputed').length, 1)
  assert.equal(found.steps.find(({ what }) => what === 'disputed').photos.length, 1)
})

chapter('the operator corrects and answers at the desk; the phone shows what changed, and it is signed', async () => {
  const operator = await at('demo-operator', `/visits/${visits[1]}`)
  await operator.locator('article.sheet button:has-text("更正")').first().click()
  await operator.fill('input[aria-label="更正原因"]', '数量抄错')
  await operator.locator('.el-dialog:visible [aria-label="备注"]').fill('按现场实际数量更正')
  await operator.click('button:has-text("保存更正")')
  await operator.waitForSelector('text=更正原因：数量抄错')
  await operator.click('button:has-text("答复异议")')
  await operator.fill('textarea[aria-label="答复内容"]', '已按现场更正。')
  await operator.click('button:has-text("提交答复")')
  await operator.waitForSelector('.steps >> text=已按现场更正。')

  const page = enterprise
  const { confirmation } = await until(page, `/views/visits/${visits[1]}`, (found) => found.confirmation.state === 'answered')
  await page.goto(`${url}/m/#/confirmations`)
  await page.click(`section[aria-label="运维机构已答复异议"] .tap[href$="${confirmation.id}"]`)
  await page.waitForSelector('.changes:has-text("更正原因：数量抄错")')
  await page.waitForSelector('.changes ins:has-text("按现场实际数量更正")')
  await page.waitForSelector('.steps >> text=已按现场更正。')
  await nothingSideways(page, 'answered dispute on the phone')
  await keepOfPhone(page, 'sign-answered')
  await page.click('.steps button:has(img)')
  await page.waitForSelector('dialog[open] img')
  await accessible(page, 'photograph in large')
  await page.click('dialog[open] button:has-text("关闭")')
  await page.click(`${ACTION}:has-text("签字确认")`)
  await signHere(page, password)
  await page.waitForSelector('.result:has-text("已按时签字")')
})

chapter('the past, the contracts and the account are one tap away', async () => {
  const page = enterprise
  await page.goto(`${url}/m/#/records`)
  await page.waitForSelector('.tap')
  await nothingSideways(page, 'records on the phone')
  await page.click('button:has-text("有异议")')
  await page.waitForSelector(`.tap:has-text("${POINTS[1]}")`)
  await page.click('.tabbar a:has-text("合同")')
  await page.waitForSelector('h1:has-text("待确认合同")')
  await nothingSideways(page, 'contracts on the phone')
  await page.click('.tabbar a:has-text("我的")')
  await page.waitForSelector('button:has-text("退出登录")')
  await nothingSideways(page, 'account on the phone')
})

test('no page asked any other host, and none broke its own policy', nothingWentWrong)
