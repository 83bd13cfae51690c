// The register as its users work with it, in a real browser on the running system.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { open } from './browser.mjs'

const { QINGYUAN_URL: url, QINGYUAN_PASSWORD: password, SHEETS: sheets, IMAGES: images } = process.env
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const hosts = new Set()
const faults = []
let browser

before(async () => (browser = await open()))
after(async () => browser.close())

async function visit(account) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  page.on('request', (request) => hosts.add(new URL(request.url()).host))
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => /Content Security Policy/.test(message.text()) && faults.push(message.text()))
  await page.goto(url)
  await page.fill('input[name=account]', account)
  await page.fill('input[name=password]', password)
  await page.click('button[type=submit]')
  await page.waitForSelector('.who')
  return page
}

async function accessible(page, where) {
  await page.evaluate(axe)
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }))
  // Element Plus names the list of a closed combobox before it makes the list: not ours to mend.
  const closed = (node) => /aria-controls/.test(JSON.stringify(node))
  const real = violations.map((one) => ({ ...one, nodes: one.nodes.filter((node) => one.id !== 'aria-valid-attr-value' || !closed(node)) }))
  const serious = real.filter((one) => ['serious', 'critical'].includes(one.impact) && one.nodes.length)
  assert.deepEqual(serious.map((one) => `${where}: ${one.id} ${one.nodes.map((node) => `${node.target} ${node.html.slice(0, 120)}`).join(' | ')}`), [])
}

const keep = (page, name) => images && page.screenshot({ path: `${images}/${name}.png` })
const field = (page, key) => page.locator(`.entry-dialog [data-field="${key}"]`)
const write = (page, key, text) => field(page, key).locator('input').first().fill(text)

async function choose(page, key, text) {
  await field(page, key).locator('.el-select').first().click()
  const option = page.locator('.el-select-dropdown__item:visible', { hasText: text }).first()
  await option.scrollIntoViewIfNeeded()
  await option.click()
}

async function openPoint(page, name) {
  await page.goto(`${url}/enterprises`)
  await page.click('button[aria-label^="企业排口"]')
  await page.click(`.point button:has-text("${name}")`)
  await page.waitForSelector(`.right h2:has-text("${name}")`)
}

async function save(page) {
  await page.click('.entry-dialog button:has-text("保存")')
  await page.waitForSelector('.entry-dialog', { state: 'hidden' })
}

const row = (page, text) => page.locator('.right .el-table__row', { hasText: text })

async function more(page, text, action) {
  await row(page, text).locator('button:has-text("更多")').click()
  await page.locator('.el-dropdown-menu__item:visible', { hasText: new RegExp(`^${action}$`) }).click()
}

test('a wrong password is told, and says not which part is wrong', async () => {
  const page = await (await browser.newContext({ locale: 'zh-CN' })).newPage()
  await page.goto(url)
  await page.fill('input[name=account]', 'demo-enterprise')
  await page.fill('input[name=password]', 'not this one')
  await page.click('button[type=submit]')
  await page.waitForSelector('text=账户或密码不正确')
  await accessible(page, 'log-in')
})

test('the fourth button of the operation column opens the outlets', async () => {
  const page = await visit('demo-enterprise')
  await page.waitForSelector('.el-table__row')
  await keep(page, 'enterprises')
  await accessible(page, 'enterprises')
  const buttons = page.locator('.el-table__row').first().locator('td').last().locator('button')
  assert.match(await buttons.nth(3).getAttribute('aria-label'), /^企业排口/)
  await buttons.nth(3).click()
  await page.waitForSelector('.point')
})

test('a wastewater analyser is registered, corrected, replaced; its history tells all of it', async () => {
  const page = await visit('demo-enterprise')
  await openPoint(page, '车间废水测点')
  await page.click('button:has-text("新增仪器备案")')
  await page.waitForSelector('.entry-dialog')
  await page.click('.entry-dialog button:has-text("保存")')
  await page.waitForSelector('.entry-dialog .el-form-item__error')
  assert.ok((await page.locator('.entry-dialog .el-form-item__error').count()) >= 8, 'every starred field is named')
  await choose(page, 'factor', '氨氮')
  assert.equal(await field(page, 'unit').locator('input').inputValue(), 'mg/L')
  const texts = { model: 'NH-1', brand: '源测', method: '水杨酸分光光度法', om_operator: '甲运维有限公司', om_operator_previous: '无', serial_number: 'SN-001', integrator: '源测(上海)有限公司', installer: '安装有限公司' }
  for (const [key, text] of Object.entries(texts)) await write(page, key, text)
  await choose(page, 'construction', '已建成')
  await keep(page, 'new-instrument')
  await accessible(page, 'dialog')
  await save(page)
  await page.waitForSelector('text=单位名称中的括号已改为中文括号')
  await row(page, 'NH-1').waitFor()

  await row(page, 'NH-1').locator('button:has-text("修改")').click()
  await write(page, 'serial_number', 'SN-002')
  await write(page, 'reason', '出厂编号录错')
  await save(page)
  await row(page, 'SN-002').waitFor()

  await more(page, 'NH-1', '更换运维商')
  await page.fill('input[aria-label="新的运维商（全称）"]', '乙运维有限公司')
  await page.click('.el-dialog:visible button:has-text("确定")')
  await row(page, '乙运维有限公司').waitFor()

  await more(page, 'NH-1', '更换')
  await write(page, 'model', 'NH-2')
  await write(page, 'reason', '故障更换')
  await save(page)
  await row(page, 'NH-2').waitFor()
  assert.equal(await row(page, 'NH-1').count(), 0)

  await page.click('text=含已停用')
  await more(page, 'NH-1', '历史')
  await page.waitForSelector('.el-drawer:visible >> text=SN-002')
  const shown = await page.locator('.el-drawer:visible').innerText()
  for (const word of ['登记', '修改', '更换运维商', '更换', '出厂编号录错', '上海清泉化工有限公司（企业账户）']) assert.ok(shown.includes(word), word)
  await keep(page, 'history')
  await accessible(page, 'history')
})

test('a sampler and a flue-gas analyser are registered', async () => {
  const page = await visit('demo-enterprise')
  await openPoint(page, '车间废水测点')
  await page.click('.el-tabs__item:has-text("自动采样器")')
  await page.click('button:has-text("新增自动采样器")')
  for (const [key, text] of Object.entries({ name: '留样器', model: 'SAMP-9', manufacturer: '生产有限公司', outlet_kind: '车间排口' })) await write(page, key, text)
  await choose(page, 'construction', '建设中')
  await field(page, 'refrigeration').locator('label:has-text("是")').first().click()
  await save(page)
  await row(page, 'SAMP-9').waitFor()

  await openPoint(page, '1 号锅炉废气测点')
  assert.equal(await page.locator('.el-tabs__item').count(), 1, 'a flue-gas point shows analysers only')
  await page.click('button:has-text("新增仪器备案")')
  await choose(page, 'factor', '一氧化碳')
  for (const [key, text] of Object.entries({ brand: '源测', model: 'CO-7', serial_number: 'G-1', method: '非分散红外吸收法', om_operator: '甲运维有限公司', integrator: '集成公司', installer: '安装公司', reference_oxygen: '30' })) await write(page, key, text)
  await choose(page, 'construction', '已建成')
  await page.click('.entry-dialog button:has-text("保存")')
  await page.waitForSelector('.entry-dialog >> text=数值应在 0 至 21 之间')
  await write(page, 'reference_oxygen', '6')
  await save(page)
  await row(page, 'CO-7').waitFor()
  await keep(page, 'outlets')
  await accessible(page, 'outlets')
})

test('somebody changed it meanwhile: the difference is shown and the person chooses', async () => {
  const [mine, theirs] = [await visit('demo-enterprise'), await visit('demo-enterprise')]
  for (const page of [mine, theirs]) {
    await openPoint(page, '污水总测点')
    await row(page, '总磷').locator('button:has-text("修改")').click()
    await page.waitForSelector('.entry-dialog')
  }
  await write(theirs, 'brand', '他人改的品牌')
  await write(theirs, 'reason', '先改')
  await save(theirs)
  await write(mine, 'model', '我改的型号')
  await write(mine, 'reason', '后改')
  await mine.click('.entry-dialog button:has-text("保存")')
  await mine.waitForSelector('text=他人已修改，差异如下')
  const shown = await mine.locator('.entry-dialog').innerText()
  assert.ok(shown.includes('他人改的品牌') && shown.includes('我改的型号'))
  await keep(mine, 'conflict')
  await accessible(mine, 'conflict')
  await mine.click('button:has-text("按所选保存")')
  await mine.waitForSelector('.entry-dialog', { state: 'hidden' })
  await row(mine, '我改的型号').waitFor()
  await row(mine, '我改的型号').locator('button:has-text("修改")').click()
  assert.equal(await field(mine, 'brand').locator('input').inputValue(), '他人改的品牌', 'what only the other changed is kept')
})

test('what was installed on an earlier day is shown, read-only', async () => {
  const page = await visit('demo-enterprise')
  await openPoint(page, '污水总测点')
  await page.fill('input[aria-label="查看日期"]', '2020-01-01')
  await page.keyboard.press('Enter')
  await page.waitForSelector('text=这一天还没有排口')
  await page.waitForSelector('text=历史视图，只读')
  assert.equal(await page.locator('button:has-text("新增排口")').count(), 0)
})

test('a sheet with two bad rows imports nothing and names both; mended, it is imported', async () => {
  const page = await visit('demo-enterprise')
  await page.goto(`${url}/enterprises`)
  await page.click('button[aria-label^="批量导入"]')
  await page.setInputFiles('input[type=file]', `${sheets}/two-bad-rows.xlsx`)
  await page.waitForSelector('text=发现 2 处问题')
  const shown = await page.locator('.problems').innerText()
  for (const word of ['测点编号', 'DW999', '计量单位', '4', '5']) assert.ok(shown.includes(word), word)
  await keep(page, 'import')
  await accessible(page, 'import')
  await page.click('button:has-text("改好后重新上传")')
  await page.setInputFiles('input[type=file]', `${sheets}/good.xlsx`)
  await page.waitForSelector('text=4 行全部通过检查')
  await page.click('button:has-text("确认导入")')
  await page.waitForSelector('text=已导入 4 台仪器')
})

test('another enterprise cannot open it', async () => {
  const page = await visit('demo-enterprise')
  await openPoint(page, '污水总测点')
  const address = page.url()
  const other = await visit('demo-enterprise-2')
  await other.goto(address)
  await other.waitForSelector('text=没有找到，或您无权查看')
  assert.equal(await other.locator('.point').count(), 0)
})

test('the regulator of the district sees it read-only, finds it by search, and others’ districts not at all', async () => {
  const page = await visit('demo-district')
  await page.fill('input[aria-label="查找企业"]', '清泉')
  await page.click('button:has-text("查询")')
  await page.waitForFunction(() => document.querySelectorAll('.el-table__row').length === 1)
  await keep(page, 'regulator')
  await page.click('button[aria-label^="企业排口"]')
  await page.click('.point button:has-text("车间废水测点")')
  await row(page, 'NH-2').waitFor()
  assert.equal(await page.locator('button:has-text("新增")').count(), 0)
  assert.equal(await page.locator('button:has-text("修改")').count(), 0)
  await accessible(page, 'regulator')
  await page.goto(`${url}/instruments`)
  await page.waitForSelector('text=/已载入 \\d+ 台/')
  await keep(page, 'instruments')
  await accessible(page, 'instruments')
  const elsewhere = await visit('demo-district-2')
  await elsewhere.waitForSelector('.el-table__row')
  assert.ok(!(await elsewhere.locator('main').innerText()).includes('清泉'))
})

test('the operator is told that this is not their place', async () => {
  const page = await visit('demo-operator')
  await page.waitForSelector('text=没有找到，或您无权查看')
})

test('no page asked any other host, and none broke its own policy', () => {
  assert.deepEqual([...hosts], [new URL(url).host])
  assert.deepEqual(faults, [])
})
