// Every list: what is chosen stands in the address, Back and a reload return to it, and what is kept as a file has the same rows.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessible, ask, download, isWorkbook, keep, nothingWentWrong, pickFrom, start, stop, url, visit as at } from './steps.mjs'

before(start)
after(stop)

/** Who looks at which list, by what it is narrowed (the label of the filter, and a word of the choice), what leads on, and its file. */
const LISTS = [
  ['demo-city', '/visits', { 按排污单位筛选: '清泉化工', 按测点筛选: '污水总测点', 按运维机构筛选: '绿测', 按运维人员筛选: '李运维', 按运维内容筛选: '日常巡检' }, '/visits/', 'visits'],
  ['demo-enterprise', '/visits', { 按测点筛选: '污水总测点', 按运维内容筛选: '日常巡检' }, '/visits/', 'visits'],
  ['demo-operator', '/visits', { 按排污单位筛选: '清泉化工', 按运维人员筛选: '李运维' }, '/visits/', 'visits'],
  ['demo-district', '/confirmations', { 按排污单位筛选: '清泉化工', 按运维内容筛选: '日常巡检' }, '/visits/', 'confirmations'],
  ['demo-operator', '/contracts', { 按排污单位筛选: '清泉化工' }, '/contracts/', 'contracts'],
  ['demo-enterprise', '/contracts', { 按运维机构筛选: '绿测' }, '/contracts/', 'contracts'],
  ['demo-operator', '/plans', { 按排污单位筛选: '清泉化工' }, '/plans/', 'plans'],
  ['demo-operator', '/cycles', { 按排污单位筛选: '清泉化工', 按测点筛选: '污水总测点', 按运维内容筛选: '日常巡检' }, '/plans/', 'cycles'],
]

const ROW = 'main .el-table__row'
const rows = (page) => page.locator('main .el-table__body tr').allInnerTexts()
const counted = async (page) => Number(/共 (\d+)/.exec(await page.locator('main .foot').innerText())[1])
const stands = async (page) => {
  await page.waitForSelector('main .foot')
  await page.waitForFunction(() => !document.querySelector('main .el-loading-mask:not([style*="display: none"])'))
}

for (const [account, path, filters, leads, file] of LISTS)
  test(`${account} narrows ${path}, and Back and a reload return to it`, async () => {
    const page = await at(account, path)
    await stands(page)
    const all = await counted(page)
    for (const [label, text] of Object.entries(filters)) {
      const before = page.url()
      const answered = page.waitForResponse((answer) => answer.url().includes(`/api/views/${file}?`))
      await pickFrom(page, page.locator(`.el-select:has([aria-label="${label}"])`).first(), text)
      await answered
      await page.waitForFunction((was) => location.href !== was, before)
      await stands(page)
    }
    const [address, found] = [page.url(), await counted(page)]
    assert.ok(found > 0 && found <= all, `${found} of ${all}`)
    await accessible(page, `${account} ${path} narrowed`)
    if (account === 'demo-city') await keep(page, 'visits')
    const shown = await rows(page)

    await page.locator(`main .el-table__body a[href^="${leads}"]`).first().click()
    await page.waitForURL((there) => there.pathname.startsWith(leads))
    await page.goBack()
    await stands(page)
    assert.deepEqual([page.url(), await rows(page)], [address, shown])
    await page.reload()
    await stands(page)
    assert.deepEqual([page.url(), await rows(page)], [address, shown])
    for (const [label, text] of Object.entries(filters)) assert.ok((await page.locator(`.el-select:has([aria-label="${label}"])`).first().innerText()).includes(text), `${label} shows ${text}`)
    const [asked, kept] = await Promise.all([page.waitForRequest((request) => request.url().includes(`/${file}.xlsx`)), download(page, 'button:has-text("导出")')])
    assert.ok(isWorkbook(kept))
    assert.equal((await ask(page, `/views/${file}${new URL(asked.url()).search}&page=1`)).count, found)
    await page.close()
  })

for (const [path, word] of [['/enterprises', '清泉'], ['/instruments', 'SCS']])
  test(`what is searched for in ${path}, and the day, stand in the address`, async () => {
    const page = await at('demo-city', path)
    await page.waitForSelector(ROW)
    await page.locator('main [role=search] input[placeholder]').first().fill(word)
    await page.locator('main [role=search] input[placeholder]').first().press('Enter')
    await page.waitForFunction((wanted) => decodeURIComponent(location.search).includes(wanted), word)
    const address = page.url()
    await page.goto(`${url}/changes`)
    await page.goBack()
    await page.waitForSelector(ROW)
    assert.equal(page.url(), address)
    assert.equal(await page.locator('main [role=search] input[placeholder]').first().inputValue(), word)
    await page.close()
  })

test('nothing went wrong on the way', nothingWentWrong)
