import { flushPromises } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { asked, buttons, draft, FILING, ID, open, page, person, press, router, vehicle, views } from './pageTesting'

vi.mock('element-plus/es', () => import('./testing'))
vi.mock('../../work/confirmations/SignatureField.vue', () => ({ default: { render: () => null } })) // nothing can be drawn here

describe('a past day', () => {
  const filed = { ...vehicle, state: 'changed', remarks: [], filed: { ...vehicle.particulars, plate: '沪B00001', papers: [{ paper_id: 'p1', kind: 'vehicle_licence', valid_to: '2026-03-31' }] } }
  beforeEach(() => (views[`${FILING}/resources`] = { body: { items: [filed], next: null, count: 1 } }))

  it('shows what was filed, with the days of papers counted from it, and nothing can be done', async () => {
    await open('/filing/vehicle?as_of=2026-03-01')
    expect(asked).toContain(`${FILING}?as_of=2026-03-01`)
    expect(asked.find((path) => path.startsWith(`${FILING}/resources`))).toContain('as_of=2026-03-01')
    for (const text of ['以下是 2026-03-01 的备案，包括后来才记录的更正和撤销', '沪B00001', '还有 30 天']) expect(page.text()).toContain(text)
    expect(page.text()).not.toContain('沪A12345')
    expect(buttons().filter((text) => /提交|撤回|登记|修改|换发|停用|注销/.test(text))).toEqual([])
  })

  it('stays the same day from one part to the other', async () => {
    await open('/filing/vehicle?as_of=2026-03-01&as_known=2026-04-01')
    expect(page.findAll('nav a').map((link) => link.attributes('href')).slice(0, 2)).toEqual(['/filing?as_of=2026-03-01&as_known=2026-04-01', '/filing/person?as_of=2026-03-01&as_known=2026-04-01'])
  })

  it('before the filing was begun says so, and the picker leads away from it', async () => {
    views[FILING] = { status: 404, body: { code: 'filing.missing', title: '没有找到' } }
    await open('/filing?as_of=2020-01-01')
    expect(page.text()).toContain('这一天还没有开始备案。')
    views[FILING] = { body: draft }
    await router.replace('/filing')
    await flushPromises()
    expect([page.text().includes('以下是'), buttons().includes('提交')]).toEqual([false, true])
  })

  it('that cannot be read is said as anything that fails', async () => {
    views[FILING] = { status: 403, body: { code: 'forbidden', title: '您没有执行此操作的权限。' } }
    await open('/filing?as_of=2026-03-01')
    expect(page.text()).toContain('没有找到，或您无权查看')
  })
})

describe('what happened to one of a list', () => {
  it('is told to whoever reads it, oldest first', async () => {
    const line = { what: 'added', at: '2026-01-01T00:00:00Z', by: '9', by_kind: 'operator', day: '2026-01-01', number: null, text: null, remarks: [], paper: null, days: null }
    const lines = [line, { ...line, what: 'paper_ending', by_kind: 'system', day: '2026-12-31', days: 0, paper: { paper_id: 'p1', kind: 'vehicle_licence', number: null } }]
    views[`/api/views/resources/${ID}/timeline`] = { body: { items: lines } }
    await open('/filing/vehicle', 'technician')
    await press('经过')
    expect(page.get('aside').attributes('title')).toBe('经过 · 沪A12345')
    expect(page.get('aside').text()).toMatch(/登记.*运维机构.*自 2026-01-01 起.*证件到期提醒.*系统.*行驶证 · 有效期至 2026-12-31，当天到期/)
  })

  it('may fail, and is asked for again', async () => {
    views[`/api/views/resources/${ID}/timeline`] = { status: 503, body: { code: 'unavailable', title: '暂时无法读取' } }
    await open('/filing/vehicle')
    await press('经过')
    views[`/api/views/resources/${ID}/timeline`] = { body: { items: [] } }
    await press('重试')
    expect(page.get('aside').text()).toContain('到这一天还没有记录。')
  })
})

describe('a list', () => {
  it('shows states, ended papers and missing scans, and asks by what stands in the address', async () => {
    await open('/filing/vehicle?state=returned&ends_within=60')
    expect(asked.find((path) => path.startsWith(`${FILING}/resources`))).toContain('state=returned&ends_within=60&kind=vehicle')
    for (const text of ['沪A12345', '自有', '已退回', '已过期', '扫描件未上传', '扫描件不清晰或不完整', '共 1 辆']) expect(page.text()).toContain(text)
  })

  it('finds people by names that the view does not have', async () => {
    views[`${FILING}/resources`] = { body: { items: [person('1', '工程师'), person('2', '司机')], next: null } }
    views['/api/filing/filings/o1/names'] = { body: { items: [{ id: '1', name: '王芳' }, { id: '2', name: '陈强' }] } }
    await open('/filing/person?search=陈')
    expect(asked.some((path) => path.includes('search'))).toBe(false)
    expect([page.findAll('tr').length, page.get('tr').text().includes('陈强')]).toEqual([1, true])
  })

  it('is kept as an Excel file with the filters of the list, and filled from one where the kind has a sheet', async () => {
    vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:', revokeObjectURL: () => undefined }))
    await open('/filing/person?search=陈&state=filed')
    await press('导出')
    const file = asked.find((path) => path.includes('resources.xlsx'))!
    expect(Object.fromEntries(new URL(file, 'http://x').searchParams)).toEqual({ kind: 'person', search: '陈', state: 'filed' })
    await press('导入')
    expect(router.currentRoute.value.fullPath).toBe('/filing/import?from=person')
    page.unmount()
    await open('/filing/vehicle')
    expect([buttons().includes('导入'), buttons().includes('导出')]).toEqual([false, true])
    page.unmount()
    await open('/filing/device', 'technician')
    expect([buttons().includes('导入'), buttons().includes('导出')]).toEqual([false, true])
  })

  it('says why it is empty', async () => {
    views[`${FILING}/resources`] = { body: { items: [], next: null, count: 0 } }
    await open('/filing/device')
    expect(page.text()).toContain('还没有登记设备。')
    page.unmount()
    await open('/filing/device?state=ended')
    expect(page.text()).toContain('没有符合条件的设备')
  })
})
