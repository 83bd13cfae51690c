import { flushPromises } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { asked, buttons, commands, open, page, press, refuse, REPORT, router, views } from '../pageTesting'
import { documentWith, draftOf, exemption, GOOD, ID, pasted, POINT, reportOf, round, WRONG } from '../samples'
import FactorFields from './FactorFields.vue'
import FileUpload from './FileUpload.vue'
import ReportFields from './ReportFields.vue'

vi.mock('element-plus/es', () => import('../../filing/own/testing'))
vi.mock('../../checking/page/chart', () => ({ chartIn: () => ({ setOption: () => undefined, resize: () => undefined, dispose: () => undefined }), optionOf: () => ({}) }))

const cell = (at: string) => page.get<HTMLInputElement>(`[data-cell="${at}"]`)
async function paste(text: string): Promise<void> {
  cell('0.reference').element.dispatchEvent(Object.assign(new Event('paste', { bubbles: true, cancelable: true }), { clipboardData: { getData: () => text } }))
  await flushPromises()
}
const said = () => page.get('.factor-found .result').text()
const save = () => page.findAll('button').find((button) => button.text() === '保存草稿')!
const submit = () => page.findAll('button').find((button) => /^(重新)?提交$/.test(button.text()))
beforeEach(() => vi.stubGlobal('ResizeObserver', class { observe() {} disconnect() {} }))

describe('a new report', () => {
  beforeEach(() => open(`/reports/new?point=${POINT}`))

  it('begins with a point: factors, instruments and the kind of report come with it', () => {
    expect(page.get('h1').text()).toBe('新建报告')
    expect(page.text()).toContain('1号烟囱')
    expect(page.find('[aria-label="二氧化硫"]').exists()).toBe(true)
    expect(page.getComponent(ReportFields).props('kind')).toBe('HJ 75-2017 verification')
    expect(submit()!.attributes('disabled')).toBeDefined()
    for (const lack of ['还没有填写报告编号', '还没有填写实施时间', '有因子还没有数据对', '还没有上传报告 PDF', '还没有附上原始记录']) expect(page.text()).toContain(lack)
  })

  it('tells the result beside the pairs as they are typed: fails by one, and passes when that is corrected', async () => {
    page.getComponent(ReportFields).props('form').performed = ['2026-11-03T09:00', '2026-11-03T17:00']
    await paste(pasted(WRONG))
    expect(said()).toMatch(/^不合格/)
    expect(page.text()).toContain('第 3 对')
    await cell('2.measured').setValue('771')
    expect(said()).toMatch(/^合格/)
    for (const text of ['5.1 %', '≤ 15 %', '表2', '见于一处资料，未与原文核对']) expect(page.text()).toContain(text)
  })

  it('holds what the paper states against what is calculated', async () => {
    page.getComponent(ReportFields).props('form').performed = ['2026-11-03T09:00', '2026-11-03T17:00']
    await paste(pasted(GOOD))
    await page.get('[aria-label="报告中的相对准确度"]').setValue('6.2')
    expect(page.findAll('.factor-found li.warning').map((line) => line.text()).join()).toContain('6.2')
    await page.get('[aria-label="报告中的相对准确度"]').setValue('5.1')
    expect(page.findAll('.factor-found li.warning')).toEqual([])
  })

  it('takes the time of each pair, and says which lies outside the stated time', async () => {
    page.getComponent(ReportFields).props('form').performed = ['2026-11-03T09:00', '2026-11-03T17:00']
    page.getComponent(FactorFields).props('factor').times = true
    await flushPromises()
    cell('0.from').element.dispatchEvent(Object.assign(new Event('paste', { bubbles: true, cancelable: true }), { clipboardData: { getData: () => pasted(GOOD.map((pair, at) => [`${8 + at}:00`, `${8 + at}:20`, ...pair])) } }))
    await flushPromises()
    expect(page.findAll('.factor-found li.warning').map((line) => line.text())).toEqual([expect.stringContaining('第 1 对')])
    await cell('0.from').setValue('九点')
    expect(page.get('.said .wrong').text()).toContain('第 1 对')
  })

  it('says in the grid what cannot be read, and nothing is judged', async () => {
    page.getComponent(ReportFields).props('form').performed = ['2026-11-03T09:00', '2026-11-03T17:00']
    await paste(pasted(GOOD))
    await cell('4.measured').setValue('七百')
    expect(page.find('.factor-found').exists()).toBe(false)
    expect(page.get('.said .wrong').text()).toContain('第 5 对')
    expect(page.text()).toContain('填写的内容有 1 处需要更正')
  })

  it('is saved as a draft with all that is typed, and then has an address of its own', async () => {
    await paste(pasted(GOOD))
    views[REPORT] = { body: draftOf(documentWith(GOOD)) }
    await save().trigger('click').then(flushPromises)
    expect(commands.map(({ path }) => path)).toEqual(['/api/reports/reports'])
    const { document } = commands[0]!.body as { document: { points: { id: string; factors: { factor: string; unit: string; instrument: object; pairs: object[] }[] }[] } }
    expect(document.points[0]!.id).toBe(POINT)
    expect(document.points[0]!.factors[0]).toMatchObject({ factor: 'a21026', unit: 'mg/m³', instrument: { about: { instrument_id: 'i1', version: 3 } } })
    expect(document.points[0]!.factors[0]!.pairs).toHaveLength(9)
    expect(document).not.toHaveProperty('number')
    expect(router.currentRoute.value.path).toBe(`/reports/${ID}/edit`)
    expect(page.text()).toContain('已保存')
  })

  it('keeps what is typed where it is refused', async () => {
    await paste(pasted(GOOD))
    refuse(422, { status: 422, code: 'invalid', title: '请检查填写的内容。', errors: [{ field: 'document.points', rule: 'one-enterprise', sentence: '一份报告的测点应属于同一排污单位。' }] })
    await save().trigger('click').then(flushPromises)
    expect(page.text()).toContain('一份报告的测点应属于同一排污单位。')
    expect(cell('0.reference').element.value).toBe('812')
    expect(router.currentRoute.value.path).toBe('/reports/new')
  })

  it('is saved before its first file is attached', async () => {
    views[REPORT] = { body: draftOf(documentWith([])) }
    const uploads = page.findAllComponents(FileUpload)
    await uploads[1]!.props('stored')({ sha256: 'a'.repeat(64), size: 1, media_type: 'application/pdf', name: '原始记录.采样.pdf' })
    await flushPromises()
    expect(commands.map(({ path }) => path)).toEqual(['/api/reports/reports', `/api/reports/reports/${ID}/originals`])
    expect(commands[1]!.body).toMatchObject({ title: '原始记录.采样', evidence: 'word' })
    expect(page.text()).toContain('采样原始记录')
  })
})

describe('a draft', () => {
  it('that is complete is handed in by a manager, on the version that was read', async () => {
    views[REPORT] = { body: draftOf(documentWith(GOOD)) }
    await open(`/reports/${ID}/edit`)
    expect(page.text()).toContain('内容完整，可以提交。')
    await submit()!.trigger('click').then(flushPromises)
    expect(commands).toEqual([{ path: `/api/reports/reports/${ID}/submission`, version: '"3"', body: null }])
    await vi.dynamicImportSettled()
    await flushPromises()
    expect(router.currentRoute.value.path).toBe(`/reports/${ID}`)
  })

  it('is saved first where something was typed since', async () => {
    views[REPORT] = { body: draftOf(documentWith(GOOD)) }
    await open(`/reports/${ID}/edit`)
    await cell('0.measured').setValue('771')
    await submit()!.trigger('click').then(flushPromises)
    expect(commands.map(({ path, version }) => [path.split('/').pop(), version])).toEqual([['document', '"3"'], ['submission', '"9"']])
  })

  it('is written by a technician, and handed in by none', async () => {
    views[REPORT] = { body: draftOf(documentWith(GOOD)) }
    await open(`/reports/${ID}/edit`, { kind: 'operator', role: 'technician', organisation: 'op' })
    expect([submit(), save().exists()]).toEqual([undefined, true])
    expect(page.text()).toContain('报告由本机构的管理人员提交')
  })

  it('is judged with the exemptions that hold for it', async () => {
    views[REPORT] = { body: draftOf(documentWith(WRONG), { exemptions: [exemption] }) }
    await open(`/reports/${ID}/edit`)
    expect(page.get('.factor-found').text()).toContain('已豁免')
  })

  it('that a colleague has changed is not written over', async () => {
    views[REPORT] = { body: draftOf(documentWith(GOOD)) }
    await open(`/reports/${ID}/edit`)
    await cell('0.measured').setValue('771')
    refuse(409, { status: 409, code: 'version.mismatch', title: '他人已修改' })
    await save().trigger('click').then(flushPromises)
    expect(page.text()).toContain('本机构的同事已修改这份报告')
    await press('放弃我的改动，查看最新内容')
    expect(cell('0.measured').element.value).toBe('770')
  })

  it('that was returned shows why, and asks for an answer', async () => {
    const reasons = [{ code: 'ACC-SO2-1', at: '/points/0/factors/0', text: '第 3 对写错了' }, { code: null, at: '', text: '请补原始记录' }]
    const review = { what: 'returned' as const, at: '2026-11-05T00:00:00Z', by: 'r', remark: null, reasons }
    views[REPORT] = { body: draftOf(documentWith(GOOD), { state: 'returned', round: 1, rounds: [round(documentWith(WRONG), { review })] }) }
    await open(`/reports/${ID}/edit`)
    for (const text of ['第 3 对写错了', '请补原始记录', '二氧化硫准确度']) expect(page.text()).toContain(text)
    await submit()!.trigger('click').then(flushPromises)
    expect(commands).toEqual([])
    await page.get('[role=dialog][title=重新提交] input').setValue('已更正第 3 对')
    await page.findAll('[role=dialog] button').at(-1)!.trigger('click').then(flushPromises)
    expect(commands).toEqual([{ path: `/api/reports/reports/${ID}/resubmission`, version: '"3"', body: { answer: '已更正第 3 对' } }])
  })

  it('that is handed in cannot be written on', async () => {
    views[REPORT] = { body: reportOf() }
    await open(`/reports/${ID}/edit`)
    expect(page.text()).toContain('这份报告现在不能修改')
    expect(buttons()).not.toContain('保存草稿')
  })
})

it('without a contract there is nothing to write about, and the page says what is missing', async () => {
  views['/api/views/tasks/today'] = { body: { day: '2026-11-05', points: [], parts: [] } }
  await open('/reports/new')
  expect(page.text()).toContain('没有可写报告的测点')
})

it('what cannot be read is said, and asked for again on request', async () => {
  views[REPORT] = { status: 404, body: { status: 404, code: 'missing', title: '没有找到。' } }
  await open(`/reports/${ID}/edit`)
  expect(page.text()).toContain('没有找到，或您无权查看')
  expect(asked).toContain(REPORT)
})
