import { flushPromises } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Account } from '../api/types'
import { asked, buttons, commands, open, page, press, refuse, REPORT, router, views } from './pageTesting'
import { documentWith, draftOf, exemption, GOOD, ID, judgement, reportOf, round, row, WRONG } from './samples'

vi.mock('element-plus/es', () => import('../filing/own/testing'))
vi.mock('../checking/page/chart', () => ({ chartIn: () => ({ setOption: () => undefined, resize: () => undefined, dispose: () => undefined }), optionOf: () => ({}) }))
beforeEach(() => vi.stubGlobal('ResizeObserver', class { observe() {} disconnect() {} }))

const REVIEWER: Partial<Account> = { kind: 'regulator', role: 'reviewer' }
const READER: Partial<Account> = { kind: 'regulator', role: 'reader' }
const ENTERPRISE: Partial<Account> = { kind: 'enterprise', role: 'manager' }
const listAsked = () => asked.filter((path) => path.startsWith('/api/views/reports?'))
const links = () => page.findAll('td a').map((link) => [link.text(), link.attributes('href')])
const dialog = () => page.get('[role=dialog]')
const confirm = () => page.findAll('[role=dialog] button').at(-1)!.trigger('click').then(flushPromises)

describe('the list of reports', () => {
  it('of an operator leads to what it goes on writing', async () => {
    views['/api/views/reports'] = { body: { items: [{ ...row, state: 'returned', changed_since: true }, { ...row, id: 'b', number: null, state: 'draft', result: null, failing: [], warnings: 0 }], next: null, count: 2 } }
    await open('/reports')
    expect(listAsked()).toEqual(['/api/views/reports?limit=50&page=1'])
    expect(links().filter(([text]) => text === '填写').map(([, to]) => to)).toEqual([`/reports/${ID}/edit`, '/reports/b/edit'])
    for (const text of ['已退回', '已修改，未提交', '未填编号', '草稿', '1 条规则不符合或需复核', '校验报告', '二氧化硫']) expect(page.text()).toContain(text)
    expect(buttons()).toContain('新建报告')
  })

  it('of a regulator begins with what waits, the worst first', async () => {
    await open('/reports', REVIEWER)
    expect(listAsked()).toEqual(['/api/views/reports?state=waiting&order=queue&limit=50&page=1'])
    expect(links().at(-1)).toEqual(['审核', `/reports/${ID}`])
    expect(buttons()).not.toContain('新建报告')
  })

  it('opens narrowed to what a number stood for, says so, and lets it go', async () => {
    await open('/reports?list=all&rule=ACC-SO2-1&outcome=fail', REVIEWER)
    expect(listAsked()).toEqual(['/api/views/reports?rule=ACC-SO2-1&outcome=fail&limit=50&page=1'])
    expect(page.text()).toContain('只显示：规则“')
    await press('取消')
    expect(listAsked().at(-1)).toBe('/api/views/reports?limit=50&page=1')
  })

  it('that is empty, or refused, says so', async () => {
    views['/api/views/reports'] = { body: { items: [], next: null, count: 0 } }
    await open('/reports', ENTERPRISE)
    expect(page.text()).toContain('还没有提交的报告。')
    page.unmount()
    views['/api/views/reports'] = { status: 403, body: { status: 403, code: 'forbidden', title: '您没有执行此操作的权限。' } }
    await open('/reports', ENTERPRISE)
    expect(page.text()).toContain('没有找到，或您无权查看')
  })
})

describe('the page of a report', () => {
  it('shows verdict, clause and how far the rule is known, pairs, papers and steps', async () => {
    const findings = [{ code: 'pairs.in-earlier-report' as const, severity: 'warning' as const, at: '/points/0/factors/0', earlier: [{ report_id: 'old', at: '/points/0/factors/0' }], sentence: '数据对与更早提交的报告完全相同，共 1 处。' }]
    views[REPORT] = { body: reportOf({ rounds: [round(documentWith(WRONG), { verdicts: [judgement(documentWith(WRONG), { findings })] })] }) }
    await open(`/reports/${ID}`, ENTERPRISE)
    expect(page.get('h1').text()).toBe('报告 清2026-11-7')
    for (const text of ['校核结果：不合格', '表2', '见于一处资料，未与原文核对', '77.1', '采样原始记录', '报告.pdf', '二氧化硫分析仪', '完全相同', '提交']) expect(page.text()).toContain(text)
    expect(page.find(`a[href="/reports/old"]`).exists()).toBe(true)
    expect(buttons().filter((text) => ['接收', '退回', '撤回', '填写', '重新评价', '授予豁免'].includes(text))).toEqual([])
  })

  it('is asked for again while its check is awaited', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      views[REPORT] = { body: reportOf({ state: 'submitted', rounds: [round(documentWith(GOOD), { verdicts: [] })] }) }
      await open(`/reports/${ID}`)
      expect(page.text()).toContain('正在按规则校核')
      views[REPORT] = { body: reportOf({ rounds: [round(documentWith(GOOD))] }) }
      await vi.advanceTimersByTimeAsync(2_000)
      await flushPromises()
      expect(page.text()).toContain('校核结果：合格')
    } finally {
      vi.useRealTimers()
    }
  })

  it('has the verdicts of a re-evaluation beside the first, the last one shown', async () => {
    const verdicts = [judgement(documentWith(WRONG)), judgement(documentWith(GOOD), { what: 'reevaluated', by: 'r', reason: '规则目录已更新' })]
    views[REPORT] = { body: reportOf({ rounds: [round(documentWith(WRONG), { verdicts })] }) }
    await open(`/reports/${ID}`)
    for (const text of ['校核结果：合格', '规则目录已更新', '提交时的校核', '重新评价']) expect(page.text()).toContain(text)
  })

  it('of a draft leads on to writing it, and can be taken back with a reason', async () => {
    views[REPORT] = { body: draftOf(documentWith(GOOD)) }
    await open(`/reports/${ID}`)
    expect(page.text()).toContain('这份报告还没有提交')
    await press('撤回')
    await dialog().get('input').setValue('建错了')
    await confirm()
    expect(commands).toEqual([{ path: `/api/reports/reports/${ID}/withdrawal`, version: null, body: { reason: '建错了' } }])
  })

  it('shows what earlier reports say of the same instrument', async () => {
    const one = { id: 'old', number: '清2026-05-1', operator_id: 'op', operator_name: '清源运维', doc_type: 'verification', basis: 'HJ 75-2017', state: 'accepted', first_day: '2026-05-03', at: '/points/0/factors/0', unit: 'mg/m³', result: 'pass', blocking: false, concluded: null, figures: {}, rules: [{ rule: 'ACC-SO2-1', title: '二氧化硫准确度', clause: '表2', quantity: 'relative_accuracy', value: '6.2', shown: '6.2', unit: '%', comparison: 'at_most', limit: '15', result: 'pass', severity: 'warning', near_limit: false }] }
    views[`${REPORT}/earlier`] = { body: { items: [{ at: '/points/0/factors/0', point_id: 'p', point_name: '1号烟囱', factor: 'a21026', name: '二氧化硫', unit: 'mg/m³', by: 'instrument', instrument: { id: 'i1', kind: 'flue_gas_analyser', factor: 'a21026', serial_number: 'S7', name: '', model: 'U23', voided: false }, reports: [one, { ...one, id: ID, first_day: '2026-11-03' }] }] } }
    await open(`/reports/${ID}`)
    for (const text of ['二氧化硫 · 1号烟囱 · U23 S7', '2026-05-03', '6.2 %（限值 ≤ 15 %）', '本报告']) expect(page.text()).toContain(text)
    expect(page.findAll('[role=img]').map((plot) => plot.attributes('aria-label'))).toContain('二氧化硫准确度的历次计算值：2026-05-03 6.2 %，2026-11-03 6.2 %')
    expect(page.get('a[href="/reports/old"]').text()).toBe('清2026-05-1')
  })
})

describe('a review', () => {
  it('is only looked at by a reader', async () => {
    await open(`/reports/${ID}`, READER)
    expect(buttons().filter((text) => ['接收', '退回', '重新评价', '授予豁免'].includes(text))).toEqual([])
  })

  it('accepts the submission that was seen, with a remark', async () => {
    await open(`/reports/${ID}`, REVIEWER)
    await press('接收')
    await dialog().get('input').setValue('已核对原始记录')
    await confirm()
    expect(commands).toEqual([{ path: `/api/reports/reports/${ID}/acceptance`, version: '"5"', body: { round: 1, remark: '已核对原始记录' } }])
  })

  it('cannot accept what a rule blocks', async () => {
    views[REPORT] = { body: reportOf({ rounds: [round(documentWith(WRONG), { verdicts: [judgement(documentWith(WRONG), { blocking: true })] })] }) }
    await open(`/reports/${ID}`, REVIEWER)
    expect(page.findAll('button').find((button) => button.text() === '接收')!.attributes('disabled')).toBeDefined()
  })

  it('returns with a reason for each rule that failed and each finding, written already', async () => {
    views[REPORT] = { body: reportOf({ rounds: [round({ ...documentWith(WRONG), conclusion: 'pass' })] }) }
    await open(`/reports/${ID}`, REVIEWER)
    await press('退回')
    await confirm()
    const { round: number, reasons } = commands[0]!.body as { round: number; reasons: { code: string; at: string; text: string }[] }
    expect([commands[0]!.path, commands[0]!.version, number]).toEqual([`/api/reports/reports/${ID}/return`, '"5"', 1])
    expect(reasons.map(({ code, at }) => [code, at])).toEqual([['ACC-SO2-1', '/points/0/factors/0'], ['conclusion.differs', '']])
    expect(reasons.every(({ text }) => text.length > 5)).toBe(true)
  })

  it('that comes too late says so, and shows what is new', async () => {
    await open(`/reports/${ID}`, REVIEWER)
    await press('接收')
    refuse(409, { status: 409, code: 'version.mismatch', title: '他人已修改' })
    await confirm()
    expect(dialog().text()).toContain('报告已有变化')
    const before = asked.length
    await press('查看最新内容')
    expect(asked.slice(before)).toContain(REPORT)
  })

  it('judges anew with a reason', async () => {
    await open(`/reports/${ID}`, REVIEWER)
    await press('重新评价')
    await dialog().get('input').setValue('已授予豁免')
    await confirm()
    expect(commands).toEqual([{ path: `/api/reports/reports/${ID}/reevaluation`, version: null, body: { reason: '已授予豁免' } }])
  })
})

describe('rules by results', () => {
  it('counts reports, and each number opens them', async () => {
    const item = { rule: 'ACC-SO2-1', title: '二氧化硫准确度', standard: 'HJ 75-2017', edition: '2017', clause: '表2', confidence: 'SEEN', reports: 41, outcomes: { pass: 30, fail: 6, review: 0, missing_data: 2, not_judged: 0, exempted: 3 }, blocking: 0, near_limit: 5 }
    views['/api/views/report-results'] = { body: { items: [item], reports: 120, results: { pass: 80, fail: 20, review: 5, missing_data: 10, not_judged: 5 } } }
    await open('/report-results?from=2026-01-01&to=2026-12-31', REVIEWER)
    expect(asked.find((path) => path.startsWith('/api/views/report-results'))).toBe('/api/views/report-results?from=2026-01-01&to=2026-12-31')
    const to = (text: string) => page.findAll('a').find((link) => link.text() === text)!.attributes('href')
    expect(to('6')).toBe('/reports?from=2026-01-01&to=2026-12-31&list=all&rule=ACC-SO2-1&outcome=fail')
    expect(to('41')).toBe('/reports?from=2026-01-01&to=2026-12-31&list=all&rule=ACC-SO2-1')
    expect(to('20')).toBe('/reports?from=2026-01-01&to=2026-12-31&list=all&result=fail')
    expect(page.text()).toContain('见于一处资料，未与原文核对')
  })
})

describe('exemptions', () => {
  beforeEach(() => {
    views['/api/views/exemptions'] = { body: { items: [exemption], next: null, count: 1 } }
    views['/api/reports/options'] = { body: { catalogue_version: '2026.1', rules: [{ rule: 'ACC-SO2-1', title: '二氧化硫准确度', standard: 'HJ 75-2017' }], exemption_reasons: [{ code: 'process', text: '生产工况' }] } }
  })

  it('are read by everybody they are about, and counted', async () => {
    await open('/exemptions', ENTERPRISE)
    for (const text of ['二氧化硫准确度', '清泉化工', '全部测点 · 二氧化硫', '检修期间', '有效']) expect(page.text()).toContain(text)
    expect(page.get('td a').attributes('href')).toBe('/reports?list=all&exemption_id=x1')
    expect(buttons().filter((text) => ['授予豁免', '终止'].includes(text))).toEqual([])
  })

  it('are ended with a reason, on the version that was read', async () => {
    await open('/exemptions', REVIEWER)
    await press('终止')
    await confirm()
    expect([commands, dialog().text().includes('请写明原因。')]).toEqual([[], true])
    await dialog().findAll('input').at(-1)!.setValue('检修已结束')
    await confirm()
    expect(commands.map(({ path, version, body }) => [path, version, body?.reason])).toEqual([['/api/reports/exemptions/x1/ending', '"1"', '检修已结束']])
  })

  it('are granted from a report, which names enterprise and days', async () => {
    await open(`/reports/${ID}`, REVIEWER)
    await press('授予豁免')
    await confirm()
    expect(dialog().text()).toContain('请写明理由。')
    const inputs = dialog().findAll('input')
    for (const input of inputs) if (['原因', '理由'].includes(input.attributes('aria-label') ?? '')) await input.setValue(input.attributes('aria-label') === '原因' ? 'process' : '检修期间')
    await confirm()
    expect(commands[0]).toMatchObject({ path: '/api/reports/exemptions', body: { rule: 'ACC-SO2-1', enterprise_id: row.enterprise_id, report_id: ID, first_day: '2026-11-03', last_day: '2026-11-03', reason_code: 'process', text: '检修期间', point_id: null } })
    expect(router.currentRoute.value.path).toBe(`/reports/${ID}`)
  })
})
