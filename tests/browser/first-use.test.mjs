// How a town begins to use the system: a certificate, an invitation, WeChat, a message, a signature on the phone; and who watches over it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { day, moveTo } from './clock.mjs'
import { agreeAs, bellSays, invite, notSideways, plugIn, pullOut, received, scan, standsInBoth, strangerAt, tryToLogIn } from './first-use-steps.mjs'
import { logIn, phone, sign as drawOnPhone, visitOnce } from './phone-steps.mjs'
import { chapter, download, look, password } from './steps.mjs'
import { accessible, ask, at, keep, nothingWentWrong, start, stop, until, url } from './work-steps.mjs'

const COMPANY = '上海证通环境运维有限公司（演示）'
const NEWCOMER = { name: 'zhengtong-zhao', label: '赵运维（证通）' }
const SIGNATORY = 'demo-signatory'
const OF_ENTERPRISE = '周敏（排污单位）'
const POINT = '车间废水测点'
const ENTERPRISE = '上海清泉化工有限公司'
const FAILURES = 5

let key
let fake
let manager
let signatory
let visit
let watcher

before(async () => {
  await start()
  key = await plugIn()
})
after(async () => {
  await stop()
  await pullOut(key)
})

chapter('a certificate of a new operator is asked what it is, registers it, and leads to its filing', async () => {
  manager = await look({ viewport: { width: 1440, height: 900 } })
  await manager.goto(`${url}/login`)
  await manager.click('.el-radio-button:has-text("法人一证通")')
  await manager.waitForSelector(`.card:has-text("${COMPANY}")`)
  await standsInBoth(manager, 'log-in with a certificate')
  await keep(manager, 'first-use-certificate')
  await manager.click('button:has-text("用证书登录")')
  await manager.waitForSelector(`section[aria-label="单位还没有登记"] >> text=${COMPANY}`)
  await standsInBoth(manager, 'the question of an unknown organisation')
  await manager.click('button:has-text("本单位是运维机构，登记并进入")')
  await manager.waitForURL(`${url}/filing`)
  await manager.waitForSelector(`.who:has-text("${COMPANY}")`)
  await standsInBoth(manager, 'filing of a new operator')
})

chapter('its manager invites a technician by a code, which opens an account once', async () => {
  await manager.goto(`${url}/organisation/accounts`)
  await manager.waitForSelector('.el-table__row:has-text("本人")')
  const code = await invite(manager, NEWCOMER.label, '运维人员')
  await manager.waitForSelector(`section[aria-label="未使用的邀请"] >> text=${NEWCOMER.label}`)
  await standsInBoth(manager, 'accounts of an organisation')

  const guest = await strangerAt('/invitation')
  await guest.fill('input[aria-label="邀请码"]', code)
  await guest.click('button:has-text("下一步")')
  await guest.waitForSelector(`h1:has-text("${COMPANY}")`)
  await standsInBoth(guest, 'invitation')
  await keep(guest, 'first-use-invitation')
  await guest.fill('input[aria-label="账户名"]', NEWCOMER.name)
  for (const label of ['密码', '再输入一次密码']) await guest.fill(`input[aria-label="${label}"]`, password)
  await guest.click('button:has-text("接受邀请并登录")')
  await guest.waitForSelector(`.who:has-text("${NEWCOMER.label}")`)

  const second = await strangerAt(`/invitation#${code}`)
  await second.waitForSelector('text=邀请码不正确、已被使用、已撤回或已过期')
  await manager.reload()
  await manager.waitForSelector(`.el-table__row:has-text("${NEWCOMER.name}"):has-text("运维人员")`)
})

chapter('a signatory binds WeChat with the number that the phone shows', async () => {
  signatory = await at(SIGNATORY, '/mine')
  await signatory.fill('form:has(button:has-text("绑定微信")) input[type=password]', password)
  await signatory.click('button:has-text("绑定微信")')
  await signatory.waitForSelector('img[alt="绑定微信的二维码"]')
  await standsInBoth(signatory, 'own information')
  await keep(signatory, 'first-use-wechat')
  const address = await signatory.locator('a:has-text("在本机打开")').getAttribute('href')
  fake = new URL(address).origin
  const scanned = await scan(address, OF_ENTERPRISE)
  await scanned.waitForSelector('.number')
  await notSideways(scanned, 'number on the phone')
  await signatory.getByLabel('手机上的四位数字').fill(await scanned.innerText('.number'))
  await signatory.click('button:has-text("确认绑定")')
  await signatory.waitForSelector(`li:has-text("钱签字（清泉化工）的微信")`)
})

chapter('a visit is signed out, and the bell of the signatory counts one more without a reload', async () => {
  await signatory.goto(`${url}/messages`)
  await signatory.waitForSelector('h1:has-text("消息")')
  const { unread } = await ask(signatory, '/messages/count')
  await bellSays(signatory, unread)
  const technician = await phone()
  await logIn(technician, 'demo-technician')
  visit = await visitOnce(technician, POINT, ENTERPRISE)
  await bellSays(signatory, unread + 1)
  await signatory.click('.bell')
  await signatory.reload()
  await signatory.waitForSelector('li.unread:has-text("运维记录待签字")')
  await standsInBoth(signatory, 'messages')
  await keep(signatory, 'first-use-messages')
  await signatory.locator('li.unread button.title:has-text("运维记录待签字")').first().click()
  await signatory.waitForURL(`${url}/today`)
  await signatory.waitForSelector(`section[aria-label="待今日签字"] >> text=${POINT}`)
})

chapter('at the hour of the digest WeChat brings it too', async () => {
  moveTo(Date.parse(`${day()}T16:00:05+08:00`))
  await received(`${fake}/users/o-zhou`, /你有 \d+ 项待签字/)
})

chapter('the signatory logs in by WeChat on the phone, reads, and signs', async () => {
  const page = await phone()
  await page.click('button.pill:has-text("微信")')
  await notSideways(page, 'log-in by WeChat on the phone')
  await page.click('button:has-text("微信登录")')
  await agreeAs(page, OF_ENTERPRISE)
  await page.waitForSelector('section[aria-label="待今日签字"] .tap')
  const { confirmation } = await until(page, `/views/visits/${visit}`, (found) => found.confirmation)
  await page.click(`.tap[href$="${confirmation.id}"]`)
  await page.waitForSelector('.sheet')
  await page.click('.action button:has-text("签字确认")')
  await page.waitForSelector('canvas')
  await drawOnPhone(page)
  await page.fill('input[name=password]', password)
  await page.click('form button[type=submit]')
  await page.waitForSelector('.result:has-text("已按时签字")')
  await notSideways(page, 'signed on the phone')
  await keep(page, 'first-use-signed')
  await until(page, `/views/confirmations/${confirmation.id}`, (found) => found.state === 'signed' && found.late === false)
})

chapter('wrong passwords lock an account; the security administrator releases it', async () => {
  const page = await strangerAt('/login')
  for (let failure = 0; failure < FAILURES; failure++) {
    const [refused] = await Promise.all([page.waitForResponse('**/api/session'), tryToLogIn(page, NEWCOMER.name, 'not this one')])
    assert.notEqual(refused.status(), 200)
  }
  await tryToLogIn(page, NEWCOMER.name)
  await page.waitForSelector('text=密码错误次数过多，账户已临时锁定，请稍后再试。')

  watcher = await at('demo-security', '/security/locks')
  const lock = watcher.locator('section[aria-label="正在锁定"] .el-table__row', { hasText: NEWCOMER.label })
  await lock.waitFor()
  await standsInBoth(watcher, 'locks')
  await keep(watcher, 'first-use-lock')
  await lock.locator('button:has-text("解除")').click()
  await lock.waitFor({ state: 'detached' })

  const released = await phone()
  await tryToLogIn(released, NEWCOMER.name)
  await released.waitForSelector('h1:has-text("今日任务")')
  await notSideways(released, 'tasks of a technician without a contract')
})

/** What has been done, and words of the line that tells it: by whom, or with whom. */
const LOGGED = {
  'logged-in-by-certificate': ['用证书登录', COMPANY],
  invited: ['邀请人员开户', COMPANY],
  'invitation-accepted': ['接受邀请', NEWCOMER.name],
  'wechat-bound': ['绑定微信', SIGNATORY],
  'logged-in-by-wechat': ['用微信登录', SIGNATORY],
  locked: ['多次失败后锁定', NEWCOMER.name],
  'lock-released': ['解除锁定', 'demo-security'],
  'data-exported': ['导出数据', 'demo-audit'],
}

chapter('the audit administrator finds all of it, and the export itself', async () => {
  const page = await at('demo-audit', '/security-log')
  await page.waitForSelector('.el-table__row')
  await standsInBoth(page, 'security log')
  await keep(page, 'first-use-log')
  const { name, bytes } = await download(page, 'button:has-text("导出"), a:has-text("导出")')
  assert.match(name, /\.csv$/)
  assert.match(bytes.toString(), /用证书登录/)
  for (const [what, words] of Object.entries(LOGGED)) {
    await page.goto(`${url}/security-log?what=${what}`)
    await page.locator('.el-table__row').filter({ hasText: words[0] }).filter({ hasText: words[1] }).first().waitFor()
  }
  await accessible(page, 'security log, filtered')
})

test('no page asked any other host, and none broke its own policy', nothingWentWrong)
