// What a technician meets beside the day that goes as planned: corrections, two states of one sheet, obstruction, back-fill, two accounts on one phone.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { now } from './clock.mjs'
import { allSent, fillIn, keep, logIn, next, phone, photograph, sign, takeSheet } from './phone-steps.mjs'
import { accessible, ask, nothingWentWrong, start, stop, until, url } from './steps.mjs'

before(start)
after(stop)

const POINT = '污水总测点'
const PATROL = '巡检维护记录表'
const CONTROL = String.fromCharCode(7)
let visit
let sheet
let writing

test('a sheet of a finished visit is corrected with a reason, and what it was stays readable', async () => {
  const page = await phone()
  await logIn(page, 'demo-technician')
  await page.goto(`${url}/m/#/mine`)
  const finished = page.locator('.tap', { hasText: POINT }).first()
  await finished.waitFor()
  await accessible(page, 'mine')
  await keep(page, 'mine')
  await finished.click()
  await page.locator('.card', { hasText: PATROL }).locator('button:has-text("更正")').click()
  visit = new URL(page.url()).hash.split('/')[2]
  await page.waitForSelector('text=更正原因')
  await next(page)
  await page.waitForSelector('text=请填写更正原因')
  await page.fill('[data-field=reason] input', '数量抄错')
  await next(page)
  const reason = (one) => one.heads.at(-1).reason
  const seen = await until(page, `/views/visits/${visit}`, (one) => one.sheets.some((its) => reason(its) === '数量抄错'))
  sheet = seen.sheets.find((its) => reason(its) === '数量抄错')
  assert.deepEqual([sheet.heads.length, sheet.revisions.at(-1).supersedes], [1, [sheet.revisions.at(-2).revision_id]])
})

test('two states of one sheet are shown side by side, and a person makes the third', async () => {
  const page = await phone()
  await logIn(page, 'demo-technician')
  const seen = await ask(page, `/views/visits/${visit}`)
  const { contract_id, cycles, claimed_at } = seen.opened
  const { sheet_id, form, form_version, content, instruments, values } = sheet.revisions.at(-2)
  const other = { sheet_id, revision_id: randomUUID(), supersedes: [sheet.revisions.at(-2).revision_id], form, form_version, content, instruments, used: [], values: { ...values, remark: '另一部手机补记' }, claimed_at: new Date(now()).toISOString(), reason: '另一部手机补记' }
  const body = { opening: { point_id: seen.point_id, contract_id, cycles, claimed_at }, sheet: other }
  const status = await page.evaluate(async ([id, sent]) => (await fetch(`/api/tasks/visits/${id}/sheets`, { method: 'POST', headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() }, body: JSON.stringify(sent) })).status, [visit, body])
  assert.equal(status, 202)
  await until(page, `/views/visits/${visit}`, (one) => one.conflict)

  await page.goto(`${url}/m/#/mine/${visit}`)
  await page.click('text=核对并确定')
  await page.waitForSelector('.sides')
  await accessible(page, 'conflict')
  await keep(page, 'conflict')
  await page.locator('.sides').first().locator('button').last().click()
  await next(page)
  await page.fill('[data-field=reason] input', '核对后合并')
  await next(page)
  const settled = (await until(page, `/views/visits/${visit}`, (one) => !one.conflict)).sheets.find((one) => one.sheet_id === sheet_id)
  assert.equal(settled.heads.length, 1)
  assert.equal(settled.heads[0].supersedes.length, 2)
})

test('an obstructed visit is reported with a photograph, and then broken off', async () => {
  const page = await phone()
  await logIn(page, 'demo-technician')
  const id = await signIn(page, '车间废水测点')
  await page.click('text=报告阻挠')
  await page.waitForSelector('text=阻挠情况')
  assert.ok(await page.locator('.action button').last().isDisabled(), 'nothing is reported without a word')
  await page.fill('textarea', '门卫不让进入站房')
  await photograph(page)
  await accessible(page, 'obstruction')
  await keep(page, 'obstruction')
  await next(page)
  await page.waitForSelector('text=阻挠报告：')
  await allSent(page)
  const reported = await until(page, `/views/visits/${id}`, (one) => one.obstructed && one.photos.length === 1)
  assert.deepEqual([reported.obstruction.what, reported.photos[0].of, reported.state], ['门卫不让进入站房', 'obstruction', 'open'])

  await page.click('text=中止运维')
  await page.waitForSelector('text=企业无须确认')
  await page.fill('textarea', '无法进入站房，改日再来')
  await next(page)
  await page.waitForSelector('text=已中止：无法进入站房，改日再来')
  await allSent(page)
  assert.equal(await page.locator('text=添加其他记录单').count(), 0, 'what is over takes nothing more')
  const ended = await until(page, `/views/visits/${id}`, (one) => one.state === 'aborted')
  assert.deepEqual([ended.aborted.reason, ended.confirmation], ['无法进入站房，改日再来', null])
  await page.goto(`${url}/m/#/mine`)
  await page.locator('.tap', { hasText: '已中止' }).locator('text=阻挠').waitFor()
  await accessible(page, 'aborted')
})

test('a visit that could not be sent from the place is back-filled, with the class of its reason', async () => {
  const page = await phone()
  await logIn(page, 'demo-technician')
  const id = await signIn(page, '1 号锅炉废气测点')
  await page.click('text=补录说明')
  await page.fill('textarea', '站房在地下，无法联网')
  const [arrived, left] = [30, 10].map((minutes) => new Date(now() - minutes * 60_000 + 8 * 3_600_000).toISOString().slice(0, 16))
  await page.fill('#f-arrived_at', arrived)
  await page.fill('#f-left_at', left)
  assert.ok(await page.locator('.action button').last().isDisabled(), 'a class must be chosen')
  await page.click('[role=radio]:has-text("现场无信号")')
  await accessible(page, 'back-fill')
  await keep(page, 'back-fill')
  await next(page)
  await page.waitForSelector('text=补录（现场无信号）：')
  await next(page)
  await page.waitForSelector('text=还没有记录单，不能签退')
  await page.click('text=填写记录单')
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
  const seen = await until(page, `/views/visits/${id}`, (one) => one.state === 'complete')
  assert.deepEqual([seen.backfilled, seen.backfill.reason_class, seen.backfill.explanation], [true, 'signal', '站房在地下，无法联网'])
  assert.equal(Date.parse(seen.backfill.left_at) - Date.parse(seen.backfill.arrived_at), 1_200_000)
  const counted = await ask(page, '/views/visits?backfilled=true')
  assert.deepEqual(counted.items.map((one) => one.id), [id])
})

/** Begins a visit at a point, as far as being there; the id of the visit. */
async function signIn(page, point) {
  await page.click(`.task:has-text("${point}")`)
  await next(page)
  await page.waitForSelector('text=精度 ±15 米')
  await next(page)
  await page.waitForSelector('text=添加其他记录单')
  return new URL(page.url()).hash.split('/')[2]
}

const REMARK = '[data-field=remark] textarea, [data-field=remark] input'
const remarkIs = (page, text) => page.waitForFunction(([field, wanted]) => document.querySelector(field)?.value === wanted, [REMARK, text])
const kept = (page) => page.waitForSelector('.saved:has-text("已存在本机")')

test('two windows on one draft keep what each of them wrote; a full phone is told, and nothing goes on turning', async () => {
  const page = await phone()
  await logIn(page, 'demo-technician')
  await signIn(page, POINT)
  await takeSheet(page, PATROL)
  const other = await page.context().newPage()
  await other.goto(page.url())
  await other.waitForSelector('.field')
  await fillIn(page)
  await page.fill('[data-field=place] input', '一号站房')
  await kept(page)
  await other.waitForFunction(() => document.querySelector('[data-field=place] input').value === '一号站房')
  await other.fill(REMARK, '另一窗口的备注')
  await kept(other)
  await remarkIs(page, '另一窗口的备注')
  await page.reload()
  await remarkIs(page, '另一窗口的备注')
  assert.equal(await page.locator('[data-field=place] input').inputValue(), '一号站房')

  await other.evaluate(() => {
    const full = () => { throw new DOMException('no room', 'QuotaExceededError') }
    IDBObjectStore.prototype.put = IDBObjectStore.prototype.add = full
  })
  await next(other)
  await other.waitForSelector('.told.shown:has-text("手机存储空间不足，刚才的内容没有保存。请清理空间后重试。")')
  assert.equal(await other.locator('.van-button--loading').count(), 0, 'the button can be pressed again')
  await other.fill(REMARK, '存不下的备注')
  await other.waitForSelector('.saved:has-text("没有存到本机")')
  await accessible(other, 'full phone')
  await keep(other, 'full')
  await other.close()
  writing = page
})

test('what the server refuses has four ways on; a colleague takes it over, mends it and sends it', async () => {
  const page = writing
  await page.fill(REMARK, `备注${CONTROL}`)
  await kept(page)
  await next(page)
  await page.waitForSelector('.chip.parked')
  await page.click('.chip')
  const parked = page.locator('section[aria-label="需要处理"]')
  await parked.locator('text=备注：含有不可见的控制字符。').waitFor()
  await accessible(page, 'refused')
  await keep(page, 'parked')
  await parked.locator('button:has-text("重试")').click()
  await parked.locator('text=不可见的控制字符').first().waitFor()
  const [handed] = await Promise.all([page.waitForEvent('download'), parked.locator('button:has-text("转交同事")').click()])
  await page.waitForSelector('.told.shown:has-text("已导出：1 项记录，0 个文件")')

  const colleague = await phone()
  await logIn(colleague, 'demo-technician-2')
  await colleague.goto(`${url}/m/#/me`)
  await accessible(colleague, 'me')
  await colleague.setInputFiles('input[type=file]', { name: 'notes.json', mimeType: 'application/json', buffer: Buffer.from('{}') })
  await colleague.waitForSelector('.told.shown:has-text("这不是清源手机端导出的文件，或文件已损坏。")')
  await colleague.setInputFiles('input[type=file]', await handed.path())
  await colleague.waitForSelector('.told.shown:has-text("已接收 1 项，将以您的账户上传。")')
  await keep(colleague, 'taken-over')
  await colleague.goto(`${url}/m/#/outbox`)
  await colleague.click('section[aria-label="需要处理"] button:has-text("修改")')
  await colleague.waitForSelector('.notice.late')
  await colleague.fill(REMARK, '备注')
  await kept(colleague)
  await next(colleague)
  await allSent(colleague)

  await parked.locator('button:has-text("不再上传")').click()
  await page.click('.van-dialog__confirm')
  await page.waitForSelector('text=全部已上传')
  const visit = new URL(colleague.url()).hash.split('/')[2]
  const seen = await until(page, `/views/visits/${visit}`, (one) => one.sheets.length === 1)
  assert.equal(seen.sheets[0].heads[0].values.remark, '备注')
})

test('another account on the same phone sees nothing of it, and sends nothing of it', async () => {
  const page = await phone()
  await logIn(page, 'demo-technician')
  const sent = []
  await page.route('**/api/tasks/visits/**', (route) => (sent.push(route.request().url()), route.abort('connectionreset')))
  await signIn(page, POINT)
  await page.waitForFunction(() => document.querySelector('.chip').textContent.includes('待上传 1'))
  await leave(page)
  const before = sent.length
  await logIn(page, 'demo-technician-2')
  await page.goto(`${url}/m/#/mine`)
  await page.waitForSelector('text=近七天没有运维记录')
  await page.goto(`${url}/m/#/outbox`)
  await page.waitForSelector('text=全部已上传')
  assert.equal(sent.length, before)

  await leave(page)
  await page.unroute('**/api/tasks/visits/**')
  await logIn(page, 'demo-technician')
  await allSent(page)
})

async function leave(page) {
  await page.goto(`${url}/m/#/me`)
  await page.click('text=退出登录')
  await page.click('.van-dialog__confirm')
  await page.waitForSelector('input[name=account]')
}

test('no page asked any other host, and none broke its own policy', nothingWentWrong)
