// One working day from the plan to the figures, on the desk and on the phone: the network goes, an upload breaks off,
// and the enterprise signs two minutes before the day is over.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { day, moveTo, now } from './clock.mjs'
import { allSent, chip, fillIn, keep as keepOfPhone, logIn, next, phone, photograph, shellIsKept, sign as signOnPhone, takeSheet } from './phone-steps.mjs'
import { chapter, password } from './steps.mjs'
import { breakingOff, CHUNK_BYTES, resumed } from './uploads.mjs'
import { accessible, ask, at, download, draw, figures, isPdf, keep, nothingWentWrong, PAPER, period, pick, sign, start, stop, until, url } from './work-steps.mjs'

before(start)
after(stop)

const POINT = '污水总测点'
const PATIENCE_MS = 30_000
const TODAY = day()
const MONTH = `from=${TODAY.slice(0, 8)}01&to=${TODAY}`
let desk
let visit
let due
let counted

const board = () => at('demo-city', `/board?${MONTH}`)

/** By how much the board's figures are other than they were before the visit. The views hear of things a moment later. */
async function differBy(wanted) {
  const page = await board()
  const end = Date.now() + PATIENCE_MS
  for (;;) {
    const found = await figures(page)
    const differences = Object.fromEntries(Object.keys(found).map((name) => [name, found[name] - counted[name]]).filter(([, by]) => by))
    if (isDeepStrictEqual(differences, wanted)) return page.close()
    if (Date.now() > end) assert.fail(`the board differs by ${JSON.stringify(differences)} instead of ${JSON.stringify(wanted)}`)
    const answered = page.waitForResponse(/\/api\/views\/board/)
    await page.click('button:has-text("刷新")')
    await answered
  }
}

chapter('an operator files a contract by the exact code of the enterprise and supplements it', async () => {
  const [owner, page] = [await at('demo-enterprise', '/enterprises'), await at('demo-operator', '/contracts')]
  const { uscc } = (await ask(owner, '/views/enterprises')).items[0]
  await accessible(page, 'contracts')
  await page.click('button:has-text("新增合同")')
  await page.fill('input[name=uscc]', '91310000000000000X')
  await page.click('.find button:has-text("查找")')
  await page.waitForSelector('text=没有这个统一社会信用代码的排污单位')
  await page.fill('input[name=uscc]', uscc)
  await page.click('.find button:has-text("查找")')
  await page.waitForSelector('.find >> text=上海清泉化工有限公司')
  await page.fill('input[aria-label="合同编号"]', 'XC-2027-001')
  await page.fill('input[aria-label="合同名称"]', '2027 年度运维合同')
  await page.fill('input[aria-label="合同金额"]', '一万')
  await period(page, '合同期限', day(-1), day(120))
  await page.setInputFiles('.contract-dialog input[type=file]', PAPER)
  await page.waitForSelector('.contract-dialog >> text=已上传')
  await page.click('button:has-text("提交合同")')
  await page.waitForSelector('text=合同金额应为数字')
  await page.fill('input[aria-label="合同金额"]', '10000.00')
  await accessible(page, 'new contract')
  await keep(page, 'contract')
  await page.click('button:has-text("提交合同")')
  await page.waitForSelector('h1:has-text("2027 年度运维合同")')
  await page.waitForSelector(`a:has-text("${PAPER.name}")`)

  await page.click('.head button:has-text("补充")')
  await page.fill('textarea[aria-label="补充内容"]', '增加夜间应急。')
  await page.click('button:has-text("提交补充")')
  await page.waitForSelector('.el-timeline >> text=增加夜间应急。')
  await page.waitForSelector('.head >> text=待企业确认')
  assert.equal(await page.locator('button:has-text("新建计划")').count(), 0, 'nothing is planned before the enterprise has agreed')
  await accessible(page, 'contract')
  desk = page
})

chapter('the enterprise is asked for the contract, and confirms it for one of its points', async () => {
  const page = await at('demo-enterprise', '/today')
  await page.click('section[aria-label="待确认合同"] a:has-text("查看并确认")')
  await page.waitForSelector('h1:has-text("2027 年度运维合同")')
  await page.waitForSelector('text=上海绿测环境运维有限公司')
  await page.click('button:has-text("拒绝")')
  await page.click('.el-dialog:visible button:has-text("拒绝合同")')
  await page.waitForSelector('text=请填写原因。')
  await page.click('.el-dialog:visible button:has-text("取消")')
  await page.click('button:has-text("确认合同")')
  await page.waitForSelector('.answer-dialog .points label')
  await page.click('.answer-dialog button:has-text("确认合同")')
  await page.waitForSelector('text=请至少选择一个测点。')
  await page.click(`.answer-dialog .points label:has-text("${POINT}")`)
  await accessible(page, 'contract to be confirmed')
  await keep(page, 'contract-confirmation')
  await confirmedOnThePhone()
  await page.click('.answer-dialog button:has-text("确认合同")')
  await page.waitForSelector('.el-dialog:visible >> text=他人已修改')
  await page.click('button:has-text("查看最新内容")')
  await page.click('.el-message-box button:has-text("放弃")')
  await page.waitForSelector('.head >> text=履行中')
  await page.waitForSelector('.point >> text=污水总测点')
  await page.waitForSelector('button:has-text("终止合同")')
  await accessible(page, 'confirmed contract')
})

/** The same on the phone, which is quicker than the desk. */
async function confirmedOnThePhone() {
  const page = await phone()
  await page.fill('input[name=account]', 'demo-enterprise')
  await page.fill('input[name=password]', password)
  await page.click('button[type=submit]')
  await page.click('.notice:has-text("份合同等待贵单位确认") a')
  await page.click('.tap:has-text("2027 年度运维合同")')
  await page.click(`.point:has-text("${POINT}")`)
  await accessible(page, 'contract on the phone')
  await keepOfPhone(page, 'contract')
  await page.click('button:has-text("确认合同")')
  await page.waitForSelector('text=没有待确认的合同')
  await accessible(page, 'nothing asked on the phone')
}

chapter('from the contract the operator lays out a plan, sees its windows, and publishes it', async () => {
  const page = desk
  await page.reload()
  await page.click('button:has-text("新建计划")')
  await page.fill('input[name=name]', '总排口运维计划')
  await pick(page, '第 1 项的内容', '日常巡检')
  await page.click('button:has-text("添加运维内容")')
  await pick(page, '第 2 项的内容', '易耗品更换')
  await pick(page, '第 2 项的频次', '每日')
  await pick(page, '运维人员', '李运维')
  await period(page, '计划期限', day(), day(20))
  await page.click('button:has-text("预览日历")')
  await page.waitForSelector('text=可以发布')
  assert.ok((await page.locator('.block').count()) >= 2, 'windows are seen before anything is published')
  await accessible(page, 'plan editor')
  await keep(page, 'plan-editor')
  await page.click('button:has-text("发布计划")')
  await page.waitForSelector('h1:has-text("总排口运维计划")')
  await page.waitForSelector('.block.open')
  await accessible(page, 'plan')
  const plan = page.url().split('/').pop()
  await until(page, `/views/cycles?plan_id=${plan}&from=${TODAY}&to=${TODAY}`, (one) => one.items.some((its) => its.content === 'consumables' && its.state === 'open'))
  counted = await figures(await board())
})

chapter('the technician does today’s task without a network; a reload loses nothing; an upload that breaks off goes on where it ended', async () => {
  const page = await phone()
  await accessible(page, 'log-in')
  await logIn(page, 'demo-technician')
  await accessible(page, 'today')
  await keepOfPhone(page, 'today')
  await shellIsKept(page)
  await page.click(`.task:has-text("${POINT}")`)
  await page.waitForSelector('text=没有网络也能完成')
  await accessible(page, 'task')
  await onlyWork(page, `${TODAY} 至 ${TODAY}`)

  await page.context().setOffline(true)
  await page.click('text=开始运维')
  await page.waitForSelector('text=精度 ±15 米')
  const hashes = [await photograph(page, CHUNK_BYTES * 3)]
  await accessible(page, 'sign-in')
  await next(page)
  await page.waitForSelector('text=添加其他记录单')
  visit = new URL(page.url()).hash.split('/')[2]
  hashes.push(...(await writeSheet(page, '巡检维护记录表')), ...(await writeSheet(page, '易耗品', reloaded)))
  assert.equal(new Set(hashes).size, 5)
  assert.equal(await chip(page), '待上传 8')
  await page.click('.chip')
  await page.waitForSelector('text=现在没有网络')
  await accessible(page, 'outbox')
  await keepOfPhone(page, 'outbox')

  const asked = await breakingOff(page, 2)
  await page.context().setOffline(false)
  await allSent(page)
  await page.waitForSelector('text=全部已上传')
  await accessible(page, 'sent')
  resumed(asked, 10)

  await page.goto(`${url}/m/#/visits/${visit}`)
  await next(page)
  await page.waitForSelector('text=精度 ±15 米')
  await signOnPhone(page)
  await accessible(page, 'sign-out')
  await next(page)
  await page.waitForSelector('text=已签退')
  await allSent(page)

  const seen = await until(page, `/views/visits/${visit}`, (one) => one.state === 'complete')
  assert.deepEqual([seen.photos.length, seen.sheets.length, seen.conflict, seen.marks], [5, 2, false, []])
  assert.deepEqual(seen.photos.map((one) => one.original.sha256).sort(), hashes.sort(), 'the server holds the camera’s own files')
  const bytes = await page.evaluate(async (hash) => [...new Uint8Array(await (await fetch(`/api/files/${hash}`)).arrayBuffer())], hashes[0])
  assert.equal(createHash('sha256').update(Buffer.from(bytes)).digest('hex'), hashes[0])
})

/** Of all that is due here, only what is due in this window. */
async function onlyWork(page, window) {
  for (const work of await page.locator('.work').all()) if (!(await work.innerText()).includes(window)) await work.locator('input').uncheck()
  assert.equal(await page.locator('.work input:checked').count(), 1)
}

async function writeSheet(page, title, meanwhile = async () => {}) {
  await takeSheet(page, title)
  await fillIn(page)
  const hashes = [await photograph(page), await photograph(page)]
  await meanwhile(page)
  await next(page)
  await page.waitForSelector('text=添加其他记录单')
  return hashes
}

/** Still without a network: the page comes from the phone, and what was typed and taken is there. */
async function reloaded(page) {
  await accessible(page, 'sheet')
  await keepOfPhone(page, 'sheet')
  const [written, waiting] = [await page.locator('.field input').first().inputValue(), await chip(page)]
  assert.match(waiting, /待上传 [1-9]/)
  await page.reload()
  await page.waitForSelector('.field')
  assert.equal(await page.locator('.field input').first().inputValue(), written, 'every keystroke was kept')
  assert.equal(await page.locator('figure img').count(), 2, 'the photographs were kept')
  await page.waitForFunction((before) => document.querySelector('.chip')?.textContent.trim() === before, waiting)
}

chapter('the enterprise reads what was done; a wrong password signs nothing', async () => {
  const page = await at('demo-enterprise', '/today')
  await page.waitForSelector('text=/还有 \\d+ 小时/')
  await accessible(page, 'enterprise today')
  await keep(page, 'today')
  await page.click(`section[aria-label="待今日签字"] a.name[href="/visits/${visit}"]`)
  await page.waitForSelector('article.sheet')
  await accessible(page, 'visit')
  await keep(page, 'visit')
  await page.click('.actions button:has-text("签字确认")')
  await page.waitForSelector('canvas')
  await sign(page)
  await page.waitForSelector('text=请先手写签名。')
  await draw(page)
  await sign(page, 'not this one')
  await page.waitForSelector('form.sign .el-alert')
  await accessible(page, 'sign')
  await keep(page, 'sign')
  const { confirmation } = await ask(page, `/views/visits/${visit}`)
  assert.ok(['requested', 'opened'].includes(confirmation.state))
  due = Date.parse(confirmation.due_at)
  await differBy({ 完成: 1, 运维: 1, 未签字: 1 })
})

chapter('signed two minutes before midnight it is signed on time, and the regulator’s figures say so', async () => {
  moveTo(due - 118_000)
  const page = await at('demo-enterprise', `/visits/${visit}`)
  await page.waitForSelector('.clock.urgent >> text=/还有 0 小时 01 分/')
  await page.click('.actions button:has-text("签字确认")')
  await page.waitForSelector('canvas')
  assert.equal(await page.locator('text=签字后记为逾期签字').count(), 0)
  await draw(page)
  await sign(page)
  await page.waitForSelector('text=内容与签字时一致')
  await accessible(page, 'signed visit')
  await keep(page, 'signed')
  const printed = await download(page, 'button:has-text("下载可打印的记录（PDF）")')
  assert.match(printed.name, /\.pdf$/)
  assert.ok(isPdf(printed))
  const { confirmation } = await until(page, `/views/visits/${visit}`, (one) => one.confirmation.state === 'signed')
  assert.ok(confirmation.steps.some((step) => step.what === 'reminded'), 'the timers went by the same clock')
  assert.deepEqual([confirmation.late, confirmation.signed_content_sha256], [false, confirmation.content_sha256])
  assert.ok(Date.parse(confirmation.signed_at) < due && now() - Date.parse(confirmation.signed_at) < 120_000)
  await differBy({ 完成: 1, 运维: 1 })
})

chapter('what nobody signed has lapsed after midnight; signed all the same, it is signed late', async () => {
  moveTo(due + 20_000)
  const page = await at('demo-enterprise', '/today')
  await until(page, '/views/confirmations?state=lapsed', (one) => one.items.length > 0)
  await page.click('button:has-text("刷新")')
  const lapsed = page.locator('section[aria-label^="逾期未签"]')
  await lapsed.locator('text=逾期未签').first().waitFor()
  await accessible(page, 'the day after')
  await keep(page, 'lapsed')
  await lapsed.locator('a.name').first().click()
  await page.waitForSelector('text=已过截止时间')
  await page.click('.actions button:has-text("签字确认")')
  await page.waitForSelector('text=签字后记为逾期签字')
  await draw(page)
  await sign(page)
  await page.waitForSelector('.panel header >> text=逾期签字')
  await accessible(page, 'signed late')
  await differBy({ 完成: 1, 运维: 1, 未签字: -1, 逾期签字: 1 })
})

test('no page asked any other host, and none broke its own policy', nothingWentWrong)
