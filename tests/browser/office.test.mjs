// What the administrator and the city do, and what happens at the edges: long lists, endings, lost connections.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessible, ask, choose, field, keep, more, nothingWentWrong, openPoint, password, pickFrom, row, save, sheets, start, stop, stranger, url, visit, write } from './steps.mjs'

before(start)
after(stop)

const NEW = { name: '上海新源表面处理有限公司', uscc: '91310118MA1TE5T01P', permit_number: '无', industry: '3360 金属表面处理及热处理加工', address: '青浦区新源路 8 号', contact_name: '赵工', contact_phone: '021-59720008' }
const enterprise = (page, text) => page.locator('.el-table__row', { hasText: text })

async function find(page, text) {
  await page.goto(`${url}/enterprises`)
  await page.fill('input[aria-label="查找企业"]', text)
  await page.click('button:has-text("查询")')
  await enterprise(page, text).waitFor()
}

async function enter(page, account) {
  await page.fill('input[name=account]', account)
  await page.fill('input[name=password]', password)
  await page.click('button[type=submit]')
  await page.waitForSelector('.who')
}

async function ending(page, reason) {
  await page.fill('.el-dialog:visible input[aria-label="原因"]', reason)
  await page.click('.el-dialog:visible button:has-text("确定")')
  await page.waitForSelector('.el-dialog', { state: 'hidden' })
}

test('the administrator registers an enterprise, changes whom to call, erases them, and closes it', async () => {
  const page = await visit('demo-admin')
  await page.click('button:has-text("新增污染源")')
  for (const [key, text] of Object.entries({ ...NEW, contact_phone: '' })) await write(page, key, text)
  await choose(page, 'district', '青浦')
  await page.click('.entry-dialog button:has-text("保存")')
  await page.waitForSelector('.entry-dialog >> text=请填写联系电话。')
  await write(page, 'contact_phone', NEW.contact_phone)
  await accessible(page, 'new enterprise')
  await save(page)
  await find(page, '新源')

  await enterprise(page, '新源').locator('button[aria-label^="修改"]').click()
  await page.waitForSelector('.entry-dialog')
  assert.equal(await field(page, 'contact_name').locator('input').inputValue(), '赵工')
  await write(page, 'contact_name', '钱工')
  await write(page, 'reason', '换人')
  await save(page)

  await enterprise(page, '新源').locator('button[aria-label^="查看"]').click()
  await page.waitForSelector('.el-drawer:visible >> text=钱工')
  await accessible(page, 'enterprise')
  await page.click('.el-drawer:visible button:has-text("永久删除联系人")')
  await ending(page, '本人要求')
  await page.waitForSelector('.el-drawer:visible >> text=已按要求永久删除')
  await page.click('.el-drawer:visible button:has-text("关闭污染源")')
  await page.click('.el-dialog:visible button:has-text("确定")')
  await page.waitForSelector('.el-dialog:visible >> text=请填写原因。')
  await ending(page, '停产')
  await page.keyboard.press('Escape')
  await page.waitForSelector('text=没有符合条件的污染源')
})

test('an outlet with a point is added, corrected and ended', async () => {
  const page = await visit('demo-enterprise-2')
  await page.goto(`${url}/enterprises`)
  await page.click('button[aria-label^="企业排口"]')
  await page.click('button:has-text("新增排口")')
  await write(page, 'code', 'DW077')
  await write(page, 'name', '试验排口')
  await accessible(page, 'new outlet')
  await save(page)
  await page.click('button[aria-label="在 试验排口 新增测点"]')
  assert.equal(await field(page, 'code').locator('input').inputValue(), 'DW077')
  await write(page, 'name', '试验测点')
  await choose(page, 'factors', '氨氮')
  await page.keyboard.press('Escape')
  await save(page)
  await page.click('.point button:has-text("试验测点")')
  await page.waitForSelector('text=该测点没有登记分析仪器')
  await page.click('button[aria-label="试验测点 的更多操作"]')
  await page.locator('.el-dropdown-menu__item:visible', { hasText: '停用测点' }).click()
  await ending(page, '录错')
  await page.waitForSelector('text=还没有测点')
})

test('an enterprise asks to be known by another name; whoever watches over it answers, and only then it is so', async () => {
  const [mine, theirs] = [await visit('demo-enterprise-2'), await visit('demo-district', '/changes')]
  await theirs.waitForSelector('text=没有等待确认的变更申请')
  await asksForName(mine, '上海青溪水务集团有限公司')
  await mine.waitForSelector('text=单位名称的变更已提交，由监管部门确认后生效；在此之前仍按原内容。')
  await mine.waitForSelector('.el-table__row a:text-is("上海青溪水务有限公司")')
  await mine.goto(`${url}/changes`)
  await mine.waitForSelector('.el-table__row >> text=待确认')
  await accessible(mine, 'requested change')
  await keep(mine, 'change-requested')

  await theirs.reload()
  await theirs.waitForSelector('.el-table__row >> text=上海青溪水务集团有限公司')
  await accessible(theirs, 'change to be answered')
  await keep(theirs, 'change-answered')
  await theirs.click('button[aria-label^="不同意"]')
  await theirs.click('.el-dialog:visible button:has-text("确定")')
  await theirs.waitForSelector('.el-dialog:visible >> text=请填写')
  await theirs.fill('.el-dialog:visible input[aria-label="不同意的原因"]', '与营业执照不符')
  await theirs.click('.el-dialog:visible button:has-text("确定")')
  await theirs.waitForSelector('text=没有等待确认的变更申请')
  await mine.reload()
  await mine.waitForSelector('.el-table__row >> text=与营业执照不符')
  await mine.goto(`${url}/enterprises`)
  await mine.waitForSelector('.el-table__row a:text-is("上海青溪水务有限公司")')

  await asksForName(mine, '上海青溪环境有限公司')
  await mine.waitForSelector('text=单位名称的变更已提交，由监管部门确认后生效；在此之前仍按原内容。')
  await mine.goto(`${url}/changes`)
  await mine.click('button[aria-label^="撤回"]')
  await mine.fill('.el-dialog:visible input[aria-label="撤回的原因"]', '更名尚未办妥')
  await mine.click('.el-dialog:visible button:has-text("确定")')
  await mine.waitForSelector('.el-table__row >> text=已撤回')
})

async function asksForName(page, name) {
  await page.locator('button[aria-label^="修改"]').first().click()
  await page.waitForSelector('.entry-dialog')
  await write(page, 'name', name)
  await write(page, 'reason', '更名')
  await save(page)
}

test('whoever logs in at the address of the system comes to where their day begins', async () => {
  for (const [account, home] of Object.entries({ 'demo-operator': '/duties', 'demo-enterprise': '/today', 'demo-district': '/board', 'demo-admin': '/enterprises' })) {
    const page = await stranger()
    await page.fill('input[name=account]', account)
    await page.fill('input[name=password]', password)
    await page.click('button[type=submit]')
    await page.waitForURL(`${url}${home}`)
    await page.goto(url)
    await page.waitForURL(`${url}${home}`)
    await page.context().close()
  }
})

test('where an account is logged in is shown, and what one does not recognise is ended', async () => {
  const [page, elsewhere] = [await visit('demo-district-2'), await stranger()]
  await elsewhere.fill('input[name=account]', 'demo-district-2')
  await elsewhere.fill('input[name=password]', password)
  await elsewhere.click('button[type=submit]')
  await elsewhere.waitForSelector('.who')
  await page.click('.who')
  await page.click('.el-dropdown-menu__item:has-text("我的信息")')
  await page.waitForSelector('#sessions >> text=本设备')
  await accessible(page, 'sessions')
  await keep(page, 'sessions')
  const others = page.locator('#sessions li button')
  while (await others.count()) {
    const before = await others.count()
    await others.first().click()
    await page.waitForFunction((number) => document.querySelectorAll('#sessions li button').length < number, before)
  }
  await elsewhere.waitForFunction(async () => (await fetch('/api/views/enterprises')).status === 401)
  await elsewhere.click('nav a:has-text("仪器清单")')
  await elsewhere.waitForSelector('text=登录已过期，请重新登录。')
})

test('who would end what somebody else has just changed is asked to look first', async () => {
  const [mine, theirs] = [await visit('demo-enterprise'), await visit('demo-enterprise')]
  for (const page of [mine, theirs]) await openPoint(page, '污水总测点')
  await more(mine, '总氮', '停用')
  await row(theirs, '总氮').locator('button:has-text("修改")').click()
  await write(theirs, 'model', '刚改的型号')
  await write(theirs, 'reason', '先改')
  await save(theirs)
  await mine.fill('.el-dialog:visible input[aria-label="原因"]', '后停')
  await mine.click('.el-dialog:visible button:has-text("确定")')
  await mine.click('button:has-text("查看最新内容")')
  await row(mine, '刚改的型号').waitFor()
})

test('what was typed is asked about before it is lost, and comes back after the session has ended', async () => {
  const page = await stranger()
  await page.fill('input[name=account]', 'demo-enterprise')
  await page.fill('input[name=password]', password)
  await page.click('button[type=submit]')
  await page.waitForSelector('.who')
  await openPoint(page, '污水总测点')
  await row(page, '总磷').locator('button:has-text("修改")').click()
  await write(page, 'model', '没保存的型号')
  await page.keyboard.press('Escape')
  await page.waitForSelector('.el-message-box >> text=您填写的内容还没有保存。')
  await accessible(page, 'unsaved')
  await page.keyboard.press('Escape')
  await page.waitForSelector('.el-message-box', { state: 'hidden' })
  assert.equal(await field(page, 'model').locator('input').inputValue(), '没保存的型号')
  await write(page, 'reason', '换型号')
  await page.fill('.entry-dialog input[aria-label="自何日起有效"]', '2026-01-01')
  await page.keyboard.press('Enter')
  await page.context().clearCookies()
  await page.click('.entry-dialog button:has-text("保存")')
  await page.click('.el-message-box:has-text("自 2026-01-01 起的登记") button:has-text("确定")')
  await page.waitForSelector('text=登录已过期，请重新登录。')
  await page.fill('input[name=account]', 'demo-enterprise')
  await page.fill('input[name=password]', password)
  await page.click('button[type=submit]')
  await page.waitForSelector('text=登录过期前填写的内容已保留')
  await page.click('.point button:has-text("污水总测点")')
  await row(page, '总磷').locator('button:has-text("修改")').click()
  await page.click('.el-message-box button.el-button--primary:has-text("恢复")')
  const input = await field(page, 'model').locator('input').elementHandle()
  await page.waitForFunction((element) => element.value === '没保存的型号', input)
  await page.click('.entry-dialog button:has-text("取消")')
  await page.click('.el-message-box button:has-text("放弃")')
  await page.waitForSelector('.entry-dialog', { state: 'hidden' })
})

test('a page of one account does nothing for another that logs in beside it, says so, and keeps what was typed', async () => {
  const page = await stranger()
  await enter(page, 'demo-enterprise')
  await page.goto(`${url}/mine`)
  const email = page.locator('.el-form-item:has-text("电子邮箱") input')
  await email.fill('not-for-the-other@example.org')
  const credentials = { account: 'demo-signatory', password }
  assert.equal((await page.request.post(`${url}/api/session`, { data: credentials, headers: { Origin: url } })).status(), 200)
  await page.click('button:has-text("保存联系方式")')
  const notice = page.locator('.el-dialog:visible:has-text("已换成另一账户登录")')
  await notice.waitFor()
  await accessible(page, 'another account')
  const [{ account }, contact] = [await ask(page, '/session'), await ask(page, '/contact')]
  assert.equal(account.name, 'demo-signatory')
  assert.notEqual(contact.email, 'not-for-the-other@example.org')
  assert.ok((await notice.innerText()).includes(account.label))
  assert.ok((await notice.innerText()).includes('联系方式'))
  await notice.locator('button:has-text("刷新页面")').click()
  await page.waitForSelector(`.who:has-text("${account.label}")`)

  const beside = await page.context().newPage()
  await beside.goto(`${url}/login`)
  await beside.waitForURL((there) => there.pathname !== '/login')
  await beside.click('.who')
  await beside.click('.el-dropdown-menu__item:has-text("退出登录")')
  await enter(beside, 'demo-enterprise')
  await notice.waitFor()
})

test('a lost connection is told and can be tried again', async () => {
  const page = await visit('demo-city')
  await page.waitForSelector('.el-table__row')
  await page.context().setOffline(true)
  await page.click('button:has-text("查询")')
  await page.waitForSelector('text=连接不上服务器')
  await accessible(page, 'offline')
  await page.context().setOffline(false)
  await page.click('button:has-text("重试")')
  await page.waitForSelector('.el-table__row')
})

test('the city narrows the list to a district', async () => {
  const page = await visit('demo-city')
  await page.waitForSelector('.el-table__row')
  const all = await page.locator('.el-table__row').count()
  await pickFrom(page, page.locator('.filters .el-select').first(), '宝山')
  await page.waitForFunction((before) => document.querySelectorAll('.el-table__row').length < before, all)
  for (const text of await page.locator('.el-table__row').allInnerTexts()) assert.match(text, /宝山/)
})

test('six hundred instruments come in by one sheet; the list counts them and leads to the last page', async () => {
  const page = await visit('demo-enterprise')
  await page.goto(`${url}/enterprises`)
  await page.click('button[aria-label^="批量导入"]')
  await page.setInputFiles('input[type=file]', `${sheets}/six-hundred.xlsx`)
  await page.waitForSelector('text=600 行全部通过检查')
  await page.reload()
  await page.waitForSelector('text=600 行全部通过检查')
  await page.click('button:has-text("确认导入")')
  await page.waitForSelector('text=已导入 600 台仪器')
  // The register has them; the list follows. Paging starts when it holds them all.
  await page.waitForFunction(async () => (await (await fetch('/api/views/enterprises')).json()).items[0].instruments > 600)

  await page.goto(`${url}/instruments`)
  await page.waitForSelector('main .el-table__row')
  const counted = Number((await page.locator('main .foot').innerText()).match(/共 (\d+) 台/)[1])
  assert.ok(counted > 600, `${counted} counted`)
  assert.equal(await page.locator('main .el-table__row').count(), 50)
  const last = page.locator('main .el-pager li.number').last()
  assert.equal(await last.innerText(), String(Math.ceil(counted / 50)))
  await last.click()
  await page.waitForFunction((rows) => document.querySelectorAll('main .el-table__row').length === rows, counted % 50 || 50)
  assert.equal(new URL(page.url()).searchParams.get('page'), String(Math.ceil(counted / 50)))
})

test('a smaller window still shows every column that one acts on', async () => {
  const page = await visit('demo-enterprise')
  await page.setViewportSize({ width: 820, height: 1180 })
  await openPoint(page, '1 号锅炉废气测点')
  await row(page, '烟尘').locator('button:has-text("修改")').click()
  await page.waitForSelector('.entry-dialog')
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'nothing sticks out sideways')
})

test('no page asked any other host, and none broke its own policy', nothingWentWrong)
