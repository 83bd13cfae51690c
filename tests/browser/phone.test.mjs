// The technician's day with a phone and poor signal, in a real browser on the running system.
import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { allSent, ask, chip, fillIn, logIn, next, nothingWentWrong, phone, photograph, shellIsKept, sign, start, stop, takeSheet, until } from './phone-steps.mjs'
import { accessible, images, url } from './steps.mjs'

before(start)
after(stop)

const POINT = '污水总测点'
const CHUNK_BYTES = 512 * 1024
const keep = (page, name) => images && page.screenshot({ path: `${images}/phone-${name}.png` })
let visit
let sheet

test('a whole visit without a network, a reload in the middle of it, an upload that breaks off, and 已上传', async () => {
  const page = await phone()
  await accessible(page, 'log-in')
  await logIn(page, 'demo-technician')
  await accessible(page, 'today')
  await keep(page, 'today')
  await shellIsKept(page)

  await page.click(`.task:has-text("${POINT}")`)
  await page.waitForSelector('text=没有网络也能完成')
  await accessible(page, 'task')
  await page.context().setOffline(true)
  await page.click('text=开始运维')
  await page.waitForSelector('text=精度 ±15 米')
  const hashes = [await photograph(page, CHUNK_BYTES * 3)]
  await accessible(page, 'sign-in')
  await next(page)
  await page.waitForSelector('text=添加其他记录表')
  visit = new URL(page.url()).hash.split('/')[2]

  for (const title of ['巡检维护记录表', '易耗品']) {
    await takeSheet(page, title)
    await fillIn(page)
    hashes.push(await photograph(page), await photograph(page))
    if (title === '易耗品') {
      await accessible(page, 'sheet')
      await keep(page, 'sheet')
      const written = await page.locator('.field input').first().inputValue()
      await page.reload()
      await page.waitForSelector('.field')
      assert.equal(await page.locator('.field input').first().inputValue(), written, 'every keystroke was kept')
      assert.equal(await page.locator('figure img').count(), 2, 'the photographs were kept')
    }
    await next(page)
    await page.waitForSelector('text=添加其他记录表')
  }
  assert.equal(new Set(hashes).size, 5)
  assert.equal(await chip(page), '待上传 8')

  await next(page)
  await sign(page)
  await accessible(page, 'sign-out')
  await next(page)
  await page.waitForSelector('text=已签退')
  assert.equal(await chip(page), '待上传 9')
  await page.click('.chip')
  await page.waitForSelector('text=现在没有网络')
  await accessible(page, 'outbox')
  await keep(page, 'outbox')

  const asked = []
  let patches = 0
  await page.route('**/api/files/uploads**', (route) => {
    const request = route.request()
    asked.push(`${request.method()} ${new URL(request.url()).pathname}`)
    return request.method() === 'PATCH' && ++patches === 2 ? route.abort('connectionreset') : route.continue()
  })
  await page.context().setOffline(false)
  await allSent(page)
  await page.waitForSelector('text=全部已上传')
  await accessible(page, 'sent')

  const [created, ...others] = asked.filter((one) => one.startsWith('HEAD'))
  assert.ok(created && !others.length, `one upload was taken up again: ${asked.join(', ')}`)
  assert.equal(asked.filter((one) => one.startsWith('POST')).length, 12, 'five photographs in two sizes, a signature and its strokes: none was begun twice')

  const seen = await until(page, `/views/visits/${visit}`, (one) => one.state === 'complete')
  assert.deepEqual([seen.photos.length, seen.sheets.length, seen.conflict], [5, 2, false])
  assert.deepEqual(seen.photos.map((one) => one.original.sha256).sort(), hashes.sort(), 'the server holds the camera’s own files')
  const bytes = await page.evaluate(async (hash) => [...new Uint8Array(await (await fetch(`/api/files/${hash}`)).arrayBuffer())], hashes[0])
  assert.equal(createHash('sha256').update(Buffer.from(bytes)).digest('hex'), hashes[0])
  sheet = seen.sheets[1]
})

test('a sheet of a finished visit is corrected with a reason, and what it was stays readable', async () => {
  const page = await phone()
  await logIn(page, 'demo-technician')
  await page.goto(`${url}/m/#/mine`)
  await page.locator('.tap', { hasText: POINT }).first().waitFor()
  await accessible(page, 'mine')
  await keep(page, 'mine')
  await page.goto(`${url}/m/#/mine/${visit}`)
  await page.locator('.card', { hasText: '易耗品' }).locator('button:has-text("更正")').click()
  await page.waitForSelector('text=更正原因')
  await next(page)
  await page.waitForSelector('text=请填写更正原因')
  await page.fill('[data-field=reason] input', '数量抄错')
  await next(page)
  const ofIt = (one) => one.sheets.find((its) => its.sheet_id === sheet.sheet_id)
  const corrected = ofIt(await until(page, `/views/visits/${visit}`, (one) => ofIt(one).revisions.length === 2))
  assert.deepEqual(corrected.heads.map((one) => one.reason), ['数量抄错'])
  sheet = corrected
})

test('two states of one sheet are shown side by side, and a person makes the third', async () => {
  const page = await phone()
  await logIn(page, 'demo-technician')
  const seen = await ask(page, `/views/visits/${visit}`)
  const { contract_id, cycles, claimed_at } = seen.opened
  const { sheet_id, form, form_version, content, instruments, values } = sheet.revisions[0]
  const other = { sheet_id, revision_id: randomUUID(), supersedes: [sheet.revisions[0].revision_id], form, form_version, content, instruments, used: [], values: { ...values, remark: '另一部手机补记' }, claimed_at: new Date().toISOString(), reason: '另一部手机补记' }
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

test('another account on the same phone sees nothing of it, and sends nothing of it', async () => {
  const page = await phone()
  await logIn(page, 'demo-technician')
  const sent = []
  await page.route('**/api/tasks/visits/**', (route) => (sent.push(route.request().url()), route.abort('connectionreset')))
  await page.click(`.task:has-text("${POINT}")`)
  await next(page)
  await page.waitForSelector('text=精度 ±15 米')
  await next(page)
  await page.waitForSelector('text=添加其他记录表')
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
