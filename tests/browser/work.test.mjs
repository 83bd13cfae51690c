// The working day on the desktop, in a real browser on the running system: plan, sign, dispute, answer, figures.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { day, now } from './clock.mjs'
import { picture } from './pictures.mjs'
import { accessible, ask, at, BOARD, draw, figures, keep, nothingWentWrong, sign, start, stop, stranger, until, url } from './work-steps.mjs'

before(start)
after(stop)

let corrected
const row = (page, text) => page.locator('.el-table__row', { hasText: text }).first()

test('who would change a plan that somebody has just changed is asked to look first; then the crew is changed, and the plan stopped', async () => {
  const [mine, theirs] = [await at('demo-operator', '/plans'), await at('demo-operator', '/plans')]
  for (const page of [mine, theirs]) {
    await page.click('a.name:has-text("废气在线监测系统运维计划")')
    await page.click('button:has-text("更换人员和设备")')
  }
  await changeCrew(theirs, (page) => page.click('.el-dialog:visible .el-tag:has-text("王巡检") .el-tag__close'), '王巡检调离')
  await theirs.waitForSelector('text=更换：王巡检调离')
  assert.equal(await theirs.locator('.part li:has-text("王巡检")').count(), 0)

  const equip = async (page) => {
    await page.click('.el-dialog:visible button:has-text("添加设备")')
    await page.locator('.el-dialog:visible input[aria-label$="台设备的名称"]').last().fill('备用分析仪')
    await page.locator('.el-dialog:visible input[aria-label$="台设备的出厂编号"]').last().fill('BY-01')
  }
  await changeCrew(mine, equip, '添加备用设备')
  await mine.waitForSelector('.el-dialog:visible >> text=他人已修改')
  await accessible(mine, 'plan changed meanwhile')
  await keep(mine, 'plan-conflict')
  await mine.click('button:has-text("查看最新内容")')
  await mine.click('.el-message-box button:has-text("放弃")')
  await mine.waitForSelector('text=更换：王巡检调离')
  await mine.click('button:has-text("更换人员和设备")')
  await changeCrew(mine, equip, '添加备用设备')
  await mine.waitForSelector('text=更换：添加备用设备')
  await mine.waitForSelector('.part li:has-text("备用分析仪")')
  assert.equal(await mine.locator('.part li:has-text("王巡检")').count(), 0, 'what the other had changed stays')
  await accessible(mine, 'changed plan')

  await mine.click('button:has-text("停止计划")')
  await mine.click('.el-dialog:visible button:has-text("确定")')
  await mine.waitForSelector('text=请填写原因。')
  await mine.fill('.el-dialog:visible input[aria-label="原因"]', '合同变更')
  await mine.click('.el-dialog:visible button:has-text("确定")')
  await mine.waitForSelector('text=之后停止')
})

async function changeCrew(page, change, reason) {
  await change(page)
  await page.fill('.el-dialog:visible input[aria-label="原因"]', reason)
  await page.click('.el-dialog:visible button:has-text("确定")')
}

test('what a phone still has is said plainly, and is not signed before it is here', async () => {
  const page = await at('demo-enterprise', '/today')
  const link = page.locator('section[aria-label="待今日签字"] a.name').first()
  const id = (await link.getAttribute('href')).split('/').pop()
  const { sha256 } = (await ask(page, `/views/visits/${id}`)).photos[0].original
  await page.route('**/api/files/visits/*/missing', (route) => route.fulfill({ json: { files: 3, missing: [sha256] } }))
  await link.click()
  await page.waitForSelector('[role=img]:has-text("原件尚未上传")')
  await page.waitForSelector('text=还有 1 个文件的原件尚未上传')
  assert.ok(await page.locator('.actions button:has-text("签字确认")').isDisabled())
  await accessible(page, 'visit without its original')
  await page.unroute('**/api/files/visits/*/missing')
  await page.click('.head button:has-text("刷新")')
  await page.waitForSelector('.actions button:has-text("签字确认"):not([disabled])')
  assert.equal(await page.locator('text=原件尚未上传').count(), 0)
})

test('a printed code is checked by anybody, and a changed one is told', async () => {
  const [owner, page] = [await at('demo-enterprise', '/today'), await stranger()]
  const [signed] = (await ask(owner, '/views/confirmations?state=signed')).items
  await page.goto(`${url}/check/${signed.id}?sha256=${signed.signed_content_sha256}`)
  await page.waitForSelector('h1:has-text("与签字记录一致")')
  await accessible(page, 'check')
  await keep(page, 'check')
  await page.goto(`${url}/check/${signed.id}?sha256=${'0'.repeat(64)}`)
  await page.waitForSelector('h1:has-text("不一致")')
})

test('what was disputed is answered by the operator, and signed among many, each shown', async () => {
  const [enterprise, operator] = [await at('demo-enterprise', '/today'), await at('demo-operator', '/visits?confirmation=disputed')]
  await row(operator, '有异议').locator('a.name').click()
  await operator.click('button:has-text("答复异议")')
  await operator.fill('textarea[aria-label="答复内容"]', '已重新核对，见照片。')
  await operator.click('button:has-text("提交答复")')
  await operator.waitForSelector('.steps >> text=已重新核对，见照片。')
  await accessible(operator, 'answered')

  await until(enterprise, '/views/confirmations?state=answered', (one) => one.items.length > 0)
  await enterprise.click('button:has-text("刷新")')
  const answered = enterprise.locator('section[aria-label^="运维机构已答复"]')
  await answered.locator('.el-checkbox').first().click()
  await enterprise.click('button:has-text("逐项查看并签字")')
  await enterprise.waitForSelector('article.sheet')
  await accessible(enterprise, 'one of many')
  await enterprise.click('button:has-text("已核对")')
  await enterprise.waitForSelector('canvas')
  await draw(enterprise)
  await accessible(enterprise, 'sign many')
  await sign(enterprise)
  await enterprise.waitForSelector('text=/已签字 \\d+ 项/')
  assert.equal(await enterprise.locator('.outcomes .refused').count(), 0)
})

test('a correction after signing asks for a new signature; what was written before stays readable', async () => {
  const page = await at('demo-operator', '/visits?confirmation=signed')
  await row(page, '已签字').waitFor()
  await page.locator(`.el-table__row a.name[href="${await neverDisputed(page)}"]`).click()
  await page.locator('article.sheet button:has-text("更正")').first().click()
  await page.waitForSelector('text=更正后须请企业重新签字')
  await accessible(page, 'correction')
  await page.click('button:has-text("保存更正")')
  await page.waitForSelector('text=请填写更正原因。')
  await page.fill('input[aria-label="更正原因"]', '抄写有误')
  await page.click('button:has-text("保存更正")')
  await page.waitForSelector('text=更正原因：抄写有误')
  await page.locator('button:has-text("此前 1 版")').first().click()
  await page.waitForSelector('.el-drawer:visible .past')
  const id = page.url().split('/').pop()
  await until(page, `/views/visits/${id}`, (one) => one.confirmation.state === 'requested')
  await page.reload()
  await page.waitForSelector('text=内容与签字时不同')
  corrected = id
})

/** The first visit of the list that nobody objected to: the next test counts the first objection to it, and looks at its only answer. */
async function neverDisputed(page) {
  for (const link of await page.locator('.el-table__row', { hasText: '已签字' }).locator('a.name').all()) {
    const address = await link.getAttribute('href')
    const { confirmation } = await ask(page, `/views${address}`)
    if (confirmation.steps.every((step) => step.what !== 'disputed')) return address
  }
  throw new Error('every signed visit of the list was disputed')
}

test('an enterprise objects with a photograph, is answered, and brings it before the regulator', async () => {
  const [enterprise, operator] = [await at('demo-enterprise', `/visits/${corrected}`), await at('demo-operator', `/visits/${corrected}`)]
  const before = await figures(await at('demo-city', BOARD))
  await enterprise.click('button:has-text("有异议")')
  await enterprise.click('button:has-text("提交异议")')
  await enterprise.waitForSelector('text=请填写异议内容。')
  await say(enterprise, '更正后的读数与现场记录不符，见照片。', '提交异议', await photo(enterprise, '现场记录.jpg'))
  await seePicture(enterprise, '企业提出异议')
  await accessible(enterprise, 'disputed')
  await keep(enterprise, 'disputed')

  await until(operator, `/views/visits/${corrected}`, (one) => one.confirmation.state === 'disputed')
  await operator.click('button:has-text("刷新")')
  await seePicture(operator, '企业提出异议')
  await operator.click('button:has-text("答复异议")')
  await say(operator, '仪器显示与记录一致，见照片。', '提交答复', await photo(operator, '仪器显示.jpg'))

  await until(enterprise, `/views/visits/${corrected}`, (one) => one.confirmation.state === 'answered')
  await enterprise.click('button:has-text("刷新")')
  await seePicture(enterprise, '运维机构答复')
  await enterprise.click('button:has-text("提交监管部门")')
  await say(enterprise, '照片不是当日拍摄。', '提交监管部门')
  await enterprise.waitForSelector('.panel header >> text=已提交监管')
  await accessible(enterprise, 'escalated')

  const regulator = await at('demo-district', `/visits/${corrected}`)
  await regulator.waitForSelector('.steps >> text=照片不是当日拍摄。')
  await seePicture(regulator, '企业提出异议')
  await until(regulator, `/views/visits/${corrected}`, (one) => one.confirmation.state === 'escalated')
  const found = await figures(await at('demo-city', BOARD))
  assert.deepEqual([found['有异议'] - before['有异议'], found['提交监管'] - before['提交监管']], [1, 1])
})

/** A word with a reason, and perhaps a photograph that the store has acknowledged. */
async function say(page, text, action, file) {
  await page.fill('.el-dialog:visible textarea', text)
  if (file) {
    await page.setInputFiles('.el-dialog:visible input[type=file]', file)
    await page.waitForSelector('.el-dialog:visible >> text=已上传')
  }
  await page.click(`.el-dialog:visible button:has-text("${action}")`)
  await page.waitForSelector(`.steps >> text=${text}`)
}

const photo = async (page, name) => ({ name, mimeType: 'image/jpeg', buffer: await picture(page, 0, 600) })

/** The photograph of a step is there to be seen, not only named. */
const seePicture = (page, step) => page.waitForFunction((word) => {
  const item = [...document.querySelectorAll('.steps .el-timeline-item')].find((one) => one.textContent.includes(word))
  const image = item?.querySelector('img')
  return image?.complete && image.naturalWidth > 0
}, step)

test('every figure of the regulator opens the list that it counts, and each row its record', async () => {
  const page = await at('demo-city', BOARD)
  await page.waitForSelector('tbody td a')
  await accessible(page, 'board')
  await page.click('label:has-text("按运维机构")')
  await page.waitForSelector('thead th:has-text("运维机构")')
  const figure = page.locator('tfoot a[aria-label^="合计 运维"]')
  const counted = Number((await figure.innerText()).replace(/,/g, ''))
  await figure.click()
  await page.waitForSelector(`text=共 ${counted} 次`)
  await accessible(page, 'visits')
  await page.locator('.el-table__row a.name').first().click()
  await page.waitForSelector('article.sheet')
  assert.equal(await page.locator('.actions button').count(), 0, 'who only looks is offered nothing to do')
})

test('an operator learns a name until the enterprise confirms its contract, and plans no more once it is ended', async () => {
  const [owner, stranger] = [await at('demo-enterprise', '/contracts'), await at('demo-operator-2', '/contracts')]
  const { id, name } = (await ask(owner, '/views/enterprises')).items[0]
  const contract = await laid(stranger, id)
  await until(stranger, '/views/contracts', (one) => one.items.some((its) => its.id === contract))
  await stranger.goto(`${url}/contracts/${contract}`)
  await stranger.waitForSelector('text=等待排污单位确认。确认之前不能安排计划和现场运维。')
  await stranger.waitForSelector(`main >> text=${name}`)
  await stranger.waitForSelector('text=由排污单位确认时选定')
  assert.ok(!(await stranger.locator('main').innerText()).includes('测点 '), 'no point is named')
  assert.equal(await stranger.locator('button:has-text("新建计划")').count(), 0)
  await accessible(stranger, 'unconfirmed contract')
  await keep(stranger, 'contract-unconfirmed')
  await reminded(stranger, contract)
  await stranger.goto(`${url}/enterprises/${id}/outlets`)
  await stranger.waitForSelector('text=没有找到，或您无权查看')

  await until(owner, '/views/contracts', (one) => one.items.some((its) => its.id === contract))
  await owner.goto(`${url}/contracts/${contract}`)
  await owner.click('.head button:has-text("确认合同")')
  await owner.click('.answer-dialog .points label:has-text("车间废水测点")')
  await owner.click('.answer-dialog button:has-text("确认合同")')
  await owner.waitForSelector('.head >> text=履行中')
  await stranger.goto(`${url}/contracts/${contract}`)
  await stranger.waitForSelector('.point >> text=车间废水测点')
  assert.equal(await stranger.locator('.point').count(), 1, 'and no other point')

  await owner.click('.head button:has-text("终止合同")')
  await owner.click('.answer-dialog button:has-text("终止合同")')
  await owner.waitForSelector('.answer-dialog >> text=请填写终止原因。')
  await owner.fill('textarea[aria-label="终止原因"]', '另选运维机构')
  await accessible(owner, 'ending a contract')
  await keep(owner, 'contract-ending')
  await owner.click('.answer-dialog button:has-text("终止合同")')
  await owner.waitForSelector('.head >> text=将终止')
  await owner.waitForSelector('text=企业已终止：另选运维机构')
  assert.equal(await owner.locator('.head button:has-text("终止合同")').count(), 0)
  await accessible(owner, 'ended contract')
})

/** Three days without an answer, told ahead of time: the page says how often the enterprise has been reminded. */
async function reminded(page, contract) {
  const times = [day(-8), day(-1)].map((one) => `${one}T01:00:00Z`)
  await page.route(`**/api/views/contracts/${contract}`, async (route) => {
    await route.fulfill({ json: { ...(await (await route.fetch()).json()), reminders: 2, reminded: times, reminded_at: times[1] } })
  })
  await page.reload()
  await page.waitForSelector(`text=已提醒 2 次，最近一次 ${day(-1)} 09:00`)
  await accessible(page, 'reminded contract')
  await keep(page, 'contract-reminded')
  await page.unroute(`**/api/views/contracts/${contract}`)
}

/** A contract that this operator says it has with an enterprise; its id. */
async function laid(page, enterprise_id) {
  const body = { enterprise_id, particulars: { number: `LJ-${now()}`, name: '比选运维合同', first_day: day(-1), last_day: day(300) }, files: [] }
  const { stream } = await page.evaluate(async (sent) => {
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() }
    return (await fetch('/api/tasks/contracts', { method: 'POST', headers, body: JSON.stringify(sent) })).json()
  }, body)
  return stream.replace('contract-', '')
}

test('a page that is not for this kind of account is not there', async () => {
  const page = await at('demo-district', '/today')
  await page.waitForSelector('text=没有这个页面')
})

test('no page asked any other host, and none broke its own policy', nothingWentWrong)
