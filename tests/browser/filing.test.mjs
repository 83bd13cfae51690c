// An operator files itself, the city reviews it, and what is filed later speaks about the work: in a real browser on the running system.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { day } from './clock.mjs'
import { bringIn, dropScans, enter, means, paper, saved, scan, tab } from './filing-steps.mjs'
import { chapter, password, pickFrom } from './steps.mjs'
import { accessible, ask, at, draw, keep, nothingWentWrong, PAPER, period, pick, start, stop, stranger, url } from './work-steps.mjs'

before(start)
after(stop)

const { NEWCOMER, NEWCOMER_NAME, DEVICES } = process.env
const USCC = '91310118MA1K7H8J9B'
const TERM = { valid_from: day(-365), valid_to: day(365) }
const PEOPLE = ['何运维', '吴巡检', '郑质控']
const ITEM = '.resource-dialog'
const row = (page, text) => page.locator('.el-table__row', { hasText: text }).first()
let own

chapter('an operator without a filing begins one and fills in its basics', async () => {
  const page = own = await at(NEWCOMER, '/filing')
  await page.waitForSelector('text=本机构还没有备案')
  await accessible(page, 'no filing')
  await page.click('button:has-text("开始备案")')
  await page.click('main button:has-text("填写基本信息")')
  const form = '.basics-dialog'
  await page.waitForSelector(`${form} [data-field="name"]`)
  assert.equal(await page.inputValue(`${form} [data-field="name"] input`), NEWCOMER_NAME)
  await enter(page, form, {
    uscc: `${USCC.slice(0, 17)}A`, registered_in: '上海', address: '上海市青浦区清源路 9 号', registered_capital: '300', staff: '8', scope: ['水污染源', '烟气污染源'], projects: '0', project_amount: '0',
    legal_representative: '何清', contact_name: '吴测', contact_phone: '021-5555 0606',
    business_licence: await scan(page, '营业执照', NEWCOMER_NAME, USCC), workplace_proof: { ...PAPER, name: '房屋租赁合同.pdf' },
  })
  await page.click(`${form} button:has-text("保存")`)
  await page.waitForSelector(`${form} [data-field="uscc"] >> text=统一社会信用代码不正确，请核对 18 位代码和校验位。`)
  await accessible(page, 'basics')
  await enter(page, form, { uscc: USCC })
  await saved(page, form)
  await page.waitForSelector(`main >> text=${USCC}`)
})

chapter('nothing is handed in before the undertaking is signed, by hand and with the password once more', async () => {
  const card = 'section[aria-label="书面承诺"]'
  await own.click('.head button:has-text("提交")')
  await own.click('.lack button:has-text("书面承诺")')
  await own.click(`${card} button:has-text("签署承诺")`)
  await own.waitForSelector(`${card} >> text=请先手写签名。`)
  await draw(own)
  await own.fill(`${card} input[type=password]`, password)
  await accessible(own, 'undertaking')
  await own.click(`${card} button:has-text("签署承诺")`)
  await own.waitForSelector(`${card} >> text=/第 .+ 版，.+ 签署/`)
  await accessible(own, 'filing')
})

chapter('it adds people with their certificates; a certificate cannot end before it begins', async () => {
  await tab(own, '人员')
  for (const [place, name] of PEOPLE.entries()) {
    await own.locator('main button:has-text("登记人员")').first().click()
    const number = `YW-2026-${place + 1}`
    await enter(own, ITEM, {
      name, post: '运维工程师', technical_posts: ['运维人员'], education: '本科', joined_on: day(-700),
      ...paper(0, { number, grade: '自动监控（水）运维', issuer: '中国环境保护产业协会', ...TERM, scan: await scan(own, '运维能力评定证书', name, number) }),
    })
    if (place === 0) await refusesTheWrongWayRound()
    await saved(own, ITEM)
    await row(own, name).waitFor()
  }
  assert.equal(await own.locator('.el-table__row:has-text("草稿")').count(), PEOPLE.length)
  await accessible(own, 'people')
})

async function refusesTheWrongWayRound() {
  await enter(own, ITEM, paper(0, { valid_to: day(-400) }))
  await own.click(`${ITEM} button:has-text("保存")`)
  await own.waitForSelector(`${ITEM} [data-field="papers.0.valid_to"] >> text=有效期止早于有效期起，请核对。`)
  await enter(own, ITEM, paper(0, { valid_to: TERM.valid_to }))
  await own.waitForSelector(`${ITEM} .el-form-item__error`, { state: 'detached' })
  await accessible(own, 'person')
  await own.locator(`${ITEM} [data-field="papers.0"]`).scrollIntoViewIfNeeded()
  await keep(own, 'filing-person')
}

chapter('it brings in its devices from a workbook: two bad rows are named and not entered, and scans are matched by name', async () => {
  await tab(own, '设备')
  await own.click('main button:has-text("导入")')
  await own.waitForSelector('text=把填好的 Excel 文件拖到这里')
  await accessible(own, 'import of resources')
  await bringIn(own, DEVICES, '共 4 行，2 行可以登记，2 行有问题。')
  for (const words of ['可填“检定证书”“校准证书”', '有效期止早于有效期起，请核对。']) await own.waitForSelector(`.el-table >> text=${words}`)
  await accessible(own, 'findings of resources')
  await keep(own, 'filing-import')
  await own.click('button:has-text("登记 2 行")')
  await own.waitForSelector('text=已登记 2 行，2 行有问题。')
  const scans = await Promise.all(['1', '2'].map(async (number) => ({ ...(await scan(own, '检定证书', `编号 JD-${number}`)), name: `JD-${number}.png` })))
  await dropScans(own, [...scans, { ...PAPER, name: '多余.pdf' }])
  await own.waitForSelector('.scans [role=alert] >> text=多余.pdf')
  await bringsInTheSameAgain()
})

async function bringsInTheSameAgain() {
  await own.click('button:has-text("再导入一个文件")')
  await bringIn(own, DEVICES, '共 4 行，没有新的可以登记，2 行有问题。')
  await own.waitForSelector('text=2 行已登记，没有重复登记。')
  await own.click('button:has-text("查看")')
  for (const number of ['1', '2']) await row(own, `QC-${number}`).waitFor()
  assert.equal(await own.locator('.el-table__row').count(), 2)
  assert.equal(await own.locator('text=扫描件未上传').count(), 0)
}

chapter('it adds a leased vehicle and a spare part; a wrong plate is refused where it stands', async () => {
  await addsTheVehicle()
  await tab(own, '备品备件')
  await own.locator('main button:has-text("登记备品备件")').first().click()
  await enter(own, ITEM, { category: '备品备件', name: '泵管', model: 'PT-16', quantity: '40', value: '1200', place: '青浦仓库' })
  await saved(own, ITEM)
  await row(own, '泵管').waitFor()
  await accessible(own, 'spare parts')
})

async function addsTheVehicle() {
  await tab(own, '车辆')
  await own.locator('main button:has-text("登记车辆")').first().click()
  await own.click(`${ITEM} button:has-text("添加证件")`)
  await pickFrom(own, own.locator(`${ITEM} [data-field="papers.1"] .kind`), '租赁合同')
  await enter(own, ITEM, {
    plate: '沪A1234', ownership: '租赁',
    ...paper(0, { ...TERM, scan: await scan(own, '行驶证', '沪AD80127') }),
    ...paper(1, { number: 'ZL-8', issuer: '上海申途汽车租赁有限公司', holder: NEWCOMER_NAME, ...TERM, scan: await scan(own, '车辆租赁合同', '沪AD80127') }),
  })
  await own.click(`${ITEM} button:has-text("保存")`)
  await own.waitForSelector(`${ITEM} [data-field="plate"] >> text=号牌号码不正确`)
  await accessible(own, 'vehicle')
  await enter(own, ITEM, { plate: '沪AD80128' })
  await saved(own, ITEM)
  await row(own, '沪AD80128').waitFor()
}

chapter('it hands everything in, and waits for the first review', async () => {
  await own.click('.head button:has-text("提交")')
  await own.waitForSelector('.head >> text=初审中')
  await own.waitForSelector('text=正在审核第 1 次提交。')
  await accessible(own, 'in review')
})

/** The city at the review of what the newcomer has handed in, by its queue. */
async function review() {
  const page = await at('demo-city', '/filings')
  await row(page, NEWCOMER_NAME).waitFor()
  await accessible(page, 'filings')
  await row(page, NEWCOMER_NAME).locator('a:text-is("审核")').click()
  await page.waitForSelector('.group')
  return page
}

const group = (page, title) => page.locator(`section.group[aria-label^="${title}"]`)

async function returns(page, title, item, reason, text) {
  const of = group(page, title)
  await of.locator(`button[aria-label="${item} 退回"]`).click()
  await pickFrom(page, of.locator('.el-select.reason'), reason)
  await of.locator(`input[aria-label="${item} 的退回说明"]`).fill(text)
}

chapter('the city passes the basics, and returns two items of the second review with reasons', async () => {
  const page = await review()
  await accessible(page, 'first review')
  await page.click('button[aria-label="备案基本信息 其余全部通过"]')
  await page.click('.finish button:has-text("初审通过")')
  await means(page, '通过')
  await page.waitForSelector('.head >> text=二审中')
  assert.equal(await page.locator('section.group').count(), PEOPLE.length + 4)

  await returns(page, '沪AD80128', '号牌号码', '填写内容与证件不一致', '行驶证上是另一个号牌')
  await group(page, PEOPLE[1]).locator('button[aria-label="运维能力评定证书 退回"]').click()
  await page.click('.finish button:has-text("退回机构")')
  await page.waitForSelector('.group >> text=请选择退回原因。')
  await returns(page, PEOPLE[1], '运维能力评定证书', '扫描件不清晰或不完整', '看不清编号')
  await page.waitForSelector('aside img')
  await accessible(page, 'second review')
  await keep(page, 'filing-review')
  await page.click('.finish button:has-text("退回机构")')
  await means(page, '退回')
  await page.waitForURL(`${url}/filings`)
  await page.close()
})

chapter('the operator finds the remarks where they belong, corrects both items and hands them in again', async () => {
  const page = own
  await page.goto(`${url}/filing`)
  await page.waitForSelector('.head >> text=已退回')
  const person = page.locator('.returned li', { hasText: '看不清编号' })
  await person.waitFor()
  await accessible(page, 'returned')
  await keep(page, 'filing-returned')
  await person.locator('button').click()
  await enter(page, ITEM, { ...paper(0, { scan: await scan(page, '运维能力评定证书', PEOPLE[1], '编号 YW-2026-2', '重新扫描') }), reason: '重新扫描' })
  await saved(page, ITEM)
  await person.locator('text=（之后已有改动）').waitFor()

  await tab(page, '车辆')
  await row(page, '沪AD80128').locator('text=行驶证上是另一个号牌').waitFor()
  await row(page, '沪AD80128').locator('button:has-text("号牌号码")').click()
  await enter(page, ITEM, { plate: '沪AD80127', reason: '号牌录错' })
  await saved(page, ITEM)
  await row(page, '沪AD80127').waitFor()
  await page.click('.head button:has-text("提交")')
  await page.waitForSelector('.head >> text=二审中')
})

chapter('the reviewer sees those two only, and passes them: the operator is filed', async () => {
  const page = await review()
  assert.deepEqual((await page.locator('section.group h2').allInnerTexts()).map((title) => title.replace(/（.*/, '')).sort(), [PEOPLE[1], '沪AD80127'].sort())
  await page.waitForSelector('.group >> text=上次退回：')
  await accessible(page, 'again')
  for (const title of [PEOPLE[1], '沪AD80127']) await group(page, title).locator('button:has-text("其余全部通过")').click()
  await page.click('.finish button:has-text("二审通过")')
  await means(page, '通过')
  await page.waitForSelector('.head >> text=已备案')
  await accessible(page, 'filing of an operator')
  await own.goto(`${url}/filing`)
  await own.waitForSelector('.head >> text=已备案')
  await own.waitForSelector('text=没有尚未提交的改动。')
})

chapter('anybody finds the operator among those that are filed', async () => {
  const page = await stranger()
  await page.goto(`${url}/public/operators?search=${encodeURIComponent('清测')}`)
  await page.waitForSelector(`.list li:has-text("${NEWCOMER_NAME}"):has-text("${USCC}")`)
  assert.equal(await page.locator('.list li').count(), 1)
  await accessible(page, 'public operators')
})

chapter('an operator with contracts files a document for a point that lacks it', async () => {
  const page = await at('demo-operator', '/credit')
  const lacking = () => page.locator('.lacks strong').allInnerTexts()
  await page.waitForSelector('.lacks')
  const [, before] = await lacking()
  await accessible(page, 'daily information')
  await page.locator('button[aria-label$="登记仪器操作规程"]').first().click()
  const form = '.document-dialog'
  await enter(page, form, { title: '水质分析仪操作规程', edition: '第 2 版', file: await scan(page, '仪器操作规程', '第 2 版') })
  await page.waitForSelector(`${form} >> text=已选 1 个测点`)
  await accessible(page, 'document')
  await saved(page, form)
  await page.waitForFunction((number) => Number(document.querySelectorAll('.lacks strong')[1]?.textContent) === number - 1, Number(before))
  await page.waitForSelector('.cover a:has-text("水质分析仪操作规程")')
  await keep(page, 'credit-daily')
})

chapter('it writes down a training, and the hours of whoever took part', async () => {
  const page = await at('demo-operator', '/credit/annual')
  await page.getByRole('button', { name: '登记培训', exact: true }).click()
  const form = '.entry-dialog'
  await enter(page, form, { hours: '八', first_day: day(), last_day: day(), content: 'HJ 355 运行技术规范' })
  await enter(page, form, { participants: '李运维' })
  await page.keyboard.press('Escape')
  await enter(page, form, { files: await scan(page, '签到表', day()) })
  await page.click(`${form} button:has-text("保存")`)
  await page.waitForSelector(`${form} >> text=学时应为数字。`)
  await accessible(page, 'training')
  await enter(page, form, { hours: '8' })
  await saved(page, form)
  await row(page, 'HJ 355 运行技术规范').locator('text=李运维').waitFor()
  await page.waitForSelector('text=1 条，8 学时')
  await accessible(page, 'annual information')
  await keep(page, 'credit-annual')
})

const SOON = '王巡检'

chapter('a plan that goes on after a certificate has ended says so, and asks why', async () => {
  const page = await at('demo-operator', '/contracts')
  const contract = (await ask(page, '/views/contracts')).items.find(({ standing, state }) => [standing, state].includes('in_force') || state === 'confirmed')
  await page.goto(`${url}/plans/new?contract=${contract.id}`)
  await page.fill('input[name=name]', '换证期间的运维计划')
  await pick(page, '第 1 项的内容', '日常巡检')
  await pick(page, '运维人员', SOON)
  await period(page, '计划期限', day(), day(60))
  await page.click('button:has-text("预览日历")')
  const gap = page.locator('.el-alert:has-text("证件不能覆盖全部周期")')
  await gap.locator(`text=/${SOON}.*运维能力.*失效，影响每个测点 \\d+ 个周期/`).waitFor()
  await page.click('button:has-text("发布计划")')
  await page.waitForSelector('.el-form-item__error:has-text("请填写仍这样安排的原因")')
  await accessible(page, 'plan with a gap')
  await page.fill('input[aria-label="仍这样安排的原因"]', '已报名换证评定')
  await page.click('button:has-text("发布计划")')
  await page.waitForSelector('h1:has-text("换证期间的运维计划")')
  await gap.locator('text=仍这样安排的原因：已报名换证评定').waitFor()
  await accessible(page, 'published with a gap')
})

chapter('the city revokes a certificate from a day in the past, which it asks twice; the visits that relied on it are found', async () => {
  const page = await at('demo-city', '/filings?list=all')
  await row(page, '上海绿测环境运维有限公司').waitFor()
  const { items } = await ask(page, '/views/filings?search=%E7%BB%BF%E6%B5%8B')
  await page.goto(`${url}/filings/${items[0].operator_id}`)
  await page.click('label:has-text("人员")')
  const person = page.locator('section[aria-label^="李运维"]')
  await person.locator('button[aria-label^="撤销"]').click()
  const form = '.el-dialog:has-text("撤销证件")'
  await page.fill(`${form} input[aria-label="失效首日"]`, day(-30))
  await page.keyboard.press('Enter')
  await page.click(`${form} button:has-text("撤销证件")`)
  await page.waitForSelector(`${form} >> text=请填写撤销原因。`)
  await page.fill(`${form} textarea`, '证书系伪造')
  await accessible(page, 'revocation')
  await page.click(`${form} button:has-text("撤销证件")`)
  await page.waitForSelector(`.el-message-box:has-text("失效首日 ${day(-30)} 早于今天")`)
  await accessible(page, 'from the past')
  await keep(page, 'filing-revoked')
  await means(page, '确定撤销')
  await person.locator(`text=自 ${day(-30)} 起撤销：证书系伪造`).waitFor()
  await accessible(page, 'people of an operator')
  await person.locator('a:has-text("受影响的运维")').click()
  await page.waitForSelector(`text=该证件自 ${day(-30)} 起不再有效`)
  await page.locator('main .el-table__row').first().waitFor()
  await accessible(page, 'relied on')
  await page.locator('main .el-table__row a').first().click()
  await page.locator('section[aria-label="人员证书"] a:has-text("查看依据它的运维")').waitFor()
})

chapter('an earlier day is read and not touched; what happened to a person, and what was used of the parts, is told', async () => {
  const page = await at('demo-operator', `/filing/person?as_of=${day()}`)
  await page.waitForSelector(`text=以下是 ${day()} 的备案，包括后来才记录的更正和撤销。只能查看，不能办理。`)
  assert.equal(await page.locator('main button:has-text("登记人员")').count(), 0)
  await page.locator('main .el-table__row').first().waitFor()
  await accessible(page, 'filing of a day')
  await keep(page, 'filing-of-a-day')
  await page.locator('button[aria-label^="查看李运维"]').click()
  await page.waitForSelector('.el-drawer >> text=自 ')
  await accessible(page, 'timeline')
  await page.keyboard.press('Escape')
  await page.goto(`${url}/filing/uses`)
  await page.waitForSelector('h2:has-text("库存余量")')
  await accessible(page, 'use of parts')
  await page.goto(`${url}/filing?as_of=2020-01-01`)
  await page.waitForSelector('text=这一天还没有开始备案。')
})

chapter('no page asked any other host, and none broke its own policy', nothingWentWrong)
