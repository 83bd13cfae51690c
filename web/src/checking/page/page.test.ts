import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { router as desk } from '../../router'
import CheckerPage from './CheckerPage.vue'

vi.mock('element-plus/es', async () => {
  const { defineComponent, h } = await import('vue')
  const named = (name: string, tag = 'div') => defineComponent({ name, props: ['modelValue', 'description'], emits: ['update:modelValue'], setup: (props, { slots }) => () => h(tag, [props.description, slots.default?.()]) })
  const names = ['ElSelect', 'ElOption', 'ElInput', 'ElDatePicker', 'ElCheckbox', 'ElEmpty', 'ElIcon', 'ElRadioGroup', 'ElRadioButton']
  return { ElMessage: vi.fn(), ElMessageBox: {}, ElButton: named('ElButton', 'button'), ...Object.fromEntries(names.map((name) => [name, named(name)])) }
})
vi.mock('../../help/HelpLink.vue', () => ({ default: { render: () => null } }))
const drawn = vi.hoisted(() => [] as object[])
vi.mock('./chart', () => ({ chartIn: () => ({ setOption: (option: object) => drawn.push(option), resize: () => {}, dispose: () => {} }), optionOf: (plot: object) => plot }))

const NINE = '参比值\tCEMS\r\n812\t770\r\n798\t762\r\n805\t77.1\r\n821\t779\r\n809\t765\r\n795\t758\r\n803\t774\r\n818\t781\r\n806\t768\r\n'
const asked = vi.fn()
let page: VueWrapper
const cell = (at: string) => page.get<HTMLInputElement>(`[data-cell="${at}"]`)
async function paste(text: string, at = '0.reference'): Promise<Event> {
  const event = Object.assign(new Event('paste', { bubbles: true, cancelable: true }), { clipboardData: { getData: () => text } })
  cell(at).element.dispatchEvent(event)
  await flushPromises()
  return event
}

beforeEach(() => {
  drawn.length = 0
  asked.mockReset()
  vi.stubGlobal('fetch', asked)
  page = mount(CheckerPage, { global: { stubs: { 'router-link': true } } })
})

describe('the page that checks data of a comparison', () => {
  it('needs no account, and is reached from where one logs in', () => {
    expect(desk.resolve('/public/check').meta.open).toBe(true)
    expect(desk.resolve('/public/check').name).toBe('public-check')
    expect(readFileSync('src/login/LoginPage.vue', 'utf8')).toContain('to="/public/check"')
  })

  it('begins empty, and says how to begin', () => expect(page.text()).toContain('还没有数据对'))

  it('takes nine pairs from a spreadsheet, fails by one, and passes when that is corrected', async () => {
    expect((await paste(NINE)).defaultPrevented).toBe(true)
    expect(page.text()).toContain('已填入 9 行；第一行是表头，没有填入。')
    expect(page.get('.overall').text()).toMatch(/^不合格/)
    expect(page.text()).toContain('第 3 对')
    await cell('2.measured').setValue('771')
    expect(page.get('.overall').text()).toMatch(/^合格/)
    for (const said of ['5.1 %', '≤ 15 %', '[715, ∞) mg/m³', '表2', '见于一处资料，未与原文核对', '(|37.6667| + |3.5434|) / 807.444 × 100%', '5.10376227160831288297']) expect(page.text()).toContain(said)
    expect(drawn.length).toBeGreaterThan(0)
  })

  it('says at the cell what is wrong, and gives no result until it is mended', async () => {
    await paste('812\t770 mg\n798\t762')
    expect(page.text()).toContain('有 1 处需要更正')
    expect(cell('0.measured').attributes()).toMatchObject({ 'aria-invalid': 'true', 'aria-describedby': 'said-0' })
    expect(cell('0.reference').attributes('aria-invalid')).toBe('false')
    expect(page.get('#said-0').text()).toContain('“770 mg”不是数字')
    await cell('0.measured').setValue('770')
    expect(page.find('.overall').exists()).toBe(true)
  })

  it('leaves the paste of one cell to the browser, and takes nothing of 5,000 rows', async () => {
    expect((await paste('812')).defaultPrevented).toBe(false)
    await paste(NINE)
    await paste(Array.from({ length: 5000 }, () => '1\t2').join('\n'))
    expect(page.get('.said.wrong[role=status]').text()).toContain('粘贴了 5000 行')
    expect(cell('0.reference').element.value).toBe('812')
  })

  it('loses an empty pair by its button, and gets it back', async () => {
    await paste('812\t770\n\t\n798\t762')
    expect(page.text()).toContain('第 2 对数据是空的')
    await page.get('[aria-label="删除第 2 对"]').trigger('click')
    expect(page.find('.overall').exists()).toBe(true)
    await page.findAll('button').find((button) => button.text() === '撤销粘贴或清空')!.trigger('click')
    expect(page.text()).toContain('第 2 对数据是空的')
  })

  it('shows each pair of a comparison of water, both readings, and what the catalogue does not have', async () => {
    await page.findAll('.examples button').find((button) => button.text() === '化学需氧量，两种读法')!.trigger('click')
    await flushPromises()
    expect(page.get('.overall').text()).toMatch(/^需复核/)
    for (const said of ['(70 − 58) / 58 × 100%', '每对按自己的值取限值：3 对中 2 对符合', '全组按平均值取限值：3 对中 1 对符合', '限值按每对取还是按组平均取', '只记录，不计入结果']) expect(page.text()).toContain(said)
  })

  it('asks nothing of any server', async () => {
    await paste(NINE)
    expect(asked).not.toHaveBeenCalled()
    expect(localStorage).toHaveLength(0)
  })
})
