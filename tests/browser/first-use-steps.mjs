// What newcomers do: a key of the demo, the fake of WeChat, an invitation; and whether a page stands at the desk and on a phone.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { accessible, password, stranger, toleratedHost, url } from './steps.mjs'
import { phone } from './phone-steps.mjs'

const PATIENCE_MS = 60_000

/** The ports that the pages try for a signing service. */
const PORTS = ['17651', '17652', '17653']
const WIDTHS = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } }

/** Start `qingyuan token` for this system, with a PIN that it does not ask for. Returns the process once a page can use it. */
export async function plugIn(...options) {
  for (const port of PORTS) toleratedHost(`127.0.0.1:${port}`)
  const key = spawn(process.env.PYTHON, ['-m', 'qingyuan_cli', 'token', '--pin-given', '123456', ...options], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  await new Promise((resolve, reject) => {
    const hear = (bytes) => (said += bytes).includes('已插入密钥') && resolve()
    key.stdout.on('data', hear)
    key.stderr.on('data', hear)
    key.once('exit', () => reject(new Error(`the key cannot be used: ${said}`)))
  })
  return key
}

export async function pullOut(key) {
  if (!key || key.exitCode !== null) return
  const ended = once(key, 'exit')
  key.kill('SIGINT')
  await ended
}

export async function notSideways(page, where) {
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), 0, `${where} scrolls sideways`)
  await accessible(page, where)
}

/** At the desk and as narrow as a phone. */
export async function standsInBoth(page, where) {
  for (const [size, viewport] of Object.entries(WIDTHS).reverse()) {
    await page.setViewportSize(viewport)
    await notSideways(page, `${where} (${size})`)
  }
}

/** Agree on the fake's page as one of its test users. It is another host, as WeChat is. */
export async function agreeAs(page, name) {
  await page.waitForSelector('h1:has-text("授权登录")')
  toleratedHost(new URL(page.url()).host)
  await page.click(`a.row:text-is("${name}")`)
}

/** The address that the QR code stands for is opened on a phone of its own. */
export async function scan(address, name) {
  toleratedHost(new URL(address).host)
  const page = await phone()
  await page.goto(address)
  await agreeAs(page, name)
  return page
}

/** What the fake has shown to its test user contains this at last. */
export async function received(address, words) {
  const end = Date.now() + PATIENCE_MS
  for (;;) {
    const shown = await (await fetch(address)).text()
    if (words.test(shown)) return
    assert.ok(Date.now() < end, `WeChat never brought ${words}: ${shown.slice(-600)}`)
    await pause(200)
  }
}

/** An invitation to the own organisation; what is shown only once is read off. */
export async function invite(page, label, role) {
  await page.click('button:has-text("邀请同事")')
  await page.fill('.el-dialog:visible input[aria-label="显示名称"]', label)
  await page.click(`.el-dialog:visible .el-radio:has-text("${role}")`)
  await accessible(page, 'invitation')
  await page.click('button:has-text("生成邀请")')
  await page.waitForSelector('.el-dialog:visible:has-text("邀请已生成")')
  const code = await page.locator('.el-dialog:visible dd .mono').last().innerText()
  await accessible(page, 'invitation with its code')
  await page.click('button:has-text("我已记下")')
  return code
}

/** Log in with the password on the desk's page, right or wrong, without waiting for what comes of it. */
export async function tryToLogIn(page, account, secret = password) {
  await page.fill('input[name=account]', account)
  await page.fill('input[name=password]', secret)
  await page.click('button[type=submit]:not(.is-loading)')
}

export async function strangerAt(path) {
  const page = await stranger()
  await page.goto(`${url}${path}`)
  return page
}

/** The bell says this number. Nobody reloads the page. */
export const bellSays = (page, unread) => page.waitForSelector(`.bell[aria-label="${unread ? `消息，${unread} 条未读` : '消息'}"]`)
