// In every form in which something is typed: Esc, ✕ and 取消 ask first, going on keeps every letter, and giving up closes it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { nothingWentWrong, openPoint, start, stop, url, visit as at } from './steps.mjs'

before(start)
after(stop)

const POINT = '车间废水测点'
const TYPED = '写到一半'
const QUESTION = '.el-message-box:has-text("您填写的内容还没有保存")'

const goTo = (path) => async (page) => {
  await page.goto(`${url}${path}`)
}
const first = (list, link) => async (page) => {
  await page.goto(`${url}${list}`)
  await page.locator(`main a[href^="${link}"]`).first().click()
}
const outlets = async (page) => {
  await openPoint(page, POINT)
}
const chosenFrom = (button, action) => async (page) => {
  await page.locator(button).first().click()
  await page.locator('.el-dropdown-menu__item:visible', { hasText: new RegExp(`^${action}$`) }).click()
}
const button = (text) => (page) => page.locator(`main button:has-text("${text}"), .el-drawer button:has-text("${text}")`).first().click()

/** Who opens which form from where, and how. */
const FORMS = [
  ['demo-admin', '新增污染源', goTo('/enterprises'), button('新增污染源')],
  ['demo-enterprise', '修改污染源', goTo('/enterprises'), (page) => page.locator('button[aria-label^="修改 "]').first().click()],
  ['demo-enterprise', '新增排口', outlets, button('新增排口')],
  ['demo-enterprise', '修改排口', outlets, chosenFrom('.outlet button[aria-label$="的更多操作"]', '修改排口')],
  ['demo-enterprise', '停用排口', outlets, chosenFrom('.outlet button[aria-label$="的更多操作"]', '停用排口')],
  ['demo-enterprise', '新增测点', outlets, (page) => page.locator('button[aria-label$="新增测点"]').first().click()],
  ['demo-enterprise', '修改测点', outlets, chosenFrom('.point button[aria-label$="的更多操作"]', '修改测点')],
  ['demo-enterprise', '新增仪器备案', outlets, button('新增仪器备案')],
  ['demo-enterprise', '修改仪器', outlets, (page) => page.locator('.right button:has-text("修改")').first().click()],
  ['demo-enterprise', '更换仪器', outlets, chosenFrom('.right button:has-text("更多")', '更换')],
  ['demo-enterprise', '停用仪器', outlets, chosenFrom('.right button:has-text("更多")', '停用')],
  ['demo-operator', '新增合同', goTo('/contracts'), button('新增合同')],
  ['demo-operator', '补充合同', first('/contracts', '/contracts/'), button('补充')],
  ['demo-operator', '更换人员和设备', first('/plans', '/plans/'), button('更换人员和设备')],
  ['demo-operator', '停止计划', first('/plans', '/plans/'), button('停止计划')],
  ['demo-enterprise', '终止合同', first('/contracts', '/contracts/'), button('终止合同')],
]

for (const [account, name, go, open] of FORMS)
  test(`${name} (${account}) loses nothing that was typed`, async () => {
    const page = await at(account)
    await go(page)
    await page.waitForSelector('main h1, main h2')
    await open(page)
    const dialog = page.locator('.el-dialog:visible').last()
    const field = dialog.locator('textarea:visible, input[type=text]:visible:not([readonly]):not([disabled]):not([role=combobox]):not(.el-range-input)').first()
    await field.waitFor()
    await field.fill(TYPED)
    for (const close of [() => page.keyboard.press('Escape'), () => dialog.locator('.el-dialog__headerbtn').click(), () => dialog.locator('.el-dialog__footer button:has-text("取消")').click()]) {
      await close()
      await page.click(`${QUESTION} button:has-text("继续填写")`)
      await page.waitForSelector(QUESTION, { state: 'hidden' })
      assert.equal(await field.inputValue(), TYPED)
    }
    await page.keyboard.press('Escape')
    await page.click(`${QUESTION} button:has-text("放弃")`)
    await dialog.waitFor({ state: 'hidden' })
    await page.close()
  })

test('nothing went wrong on the way', nothingWentWrong)
