import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import * as uploads from '../../work/upload'
import { address, begin, button, choose, commands, DAILY, dialog, fileOf, inNarrowWindow, leave, open, pick, refusals, said, sent, shown, texts, type, views, waited } from './testing'

vi.mock('element-plus/es', () => import('../own/testing'))
vi.mock('../../work/upload', () => ({ upload: vi.fn() }))

const file = fileOf('a', '规程.pdf')
const document = { id: 'd1', version: 2, kind: 'operating_instructions', title: '操作规程', edition: '第 3 版', valid_from: '2026-01-01', filed_at: '2026-01-02T00:00:00Z', points: ['p1', 'gone'], file }
const point = (point_id: string, missing: string[], enterprise_name = '甲厂') => ({ point_id, point_name: `测点 ${point_id}`, point_code: '', enterprise_id: 'e', enterprise_name, missing })
const points = [point('p1', []), point('p2', ['operating_instructions', 'management_rules']), point('p3', ['operating_instructions'], '乙厂')]

beforeEach(() => {
  begin()
  views[DAILY] = { body: { documents: [document], points } }
  vi.mocked(uploads.upload).mockResolvedValue(fileOf('b', '新版.pdf'))
})
afterEach(leave)

describe('the page', () => {
  it('says what is missing, and leads to what is there', async () => {
    await open('/credit')
    expect(shown().text()).toContain('2 个测点缺 3 项')
    const cells = shown().findAll('tr').map((row) => row.findAll('td').slice(0, 5).map((cell) => cell.text()))
    expect(cells.slice(0, 3)).toEqual([['甲厂', '测点 p1', '✓操作规程（第 3 版）', '', ''], ['甲厂', '测点 p2', '缺登记', '', '缺登记'], ['乙厂', '测点 p3', '缺登记', '', '']])
    expect(shown().get('td a').attributes('href')).toContain(file.sha256)
  })

  it('says of a document that does not hold yet from when on it does, and not that it is there', async () => {
    views[DAILY] = { body: { documents: [{ ...document, valid_from: '2199-01-01' }], points: [point('p1', ['operating_instructions'])] } }
    await open('/credit')
    expect(shown().get('td:nth-child(3)').text()).toBe('缺登记操作规程（第 3 版）自 2199-01-01 起')
  })

  it('keeps the search and the filter in the address', async () => {
    await open('/credit?lacking=1&search=乙')
    expect(texts('tr:has(td:nth-child(5)):not(:has(td:nth-child(6)))').length).toBe(1)
    await type('按缺项筛选', '')
    expect(address()).toBe(`/credit?search=${encodeURIComponent('乙')}`)
    leave()
    await open('/credit?search=没有这个')
    expect(shown().text()).toContain('没有符合条件的测点')
  })

  it('is read by technicians and offices, and not written', async () => {
    await open('/credit', { kind: 'operator', role: 'technician', organisation: 'o1' })
    expect([texts('button').filter((text) => text !== '查找'), shown().text().includes('由管理人员办理，您可以查看')]).toEqual([[], true])
    leave()
    views['/api/views/filings/o1'] = { body: { name: '清源运维' } }
    await open('/filings/o1/credit', { kind: 'regulator' })
    expect([texts('button').filter((text) => text !== '查找'), shown().text().includes('清源运维')]).toEqual([[], true])
    expect(shown().find('a[href="/filings/o1/credit/annual"]').exists()).toBe(true)
  })

  it('says that nothing is asked for, that everything is there, and that it may not be seen', async () => {
    views[DAILY] = { body: { documents: [], points: [] } }
    await open('/credit')
    expect(shown().text()).toContain('没有正在履行的合同，目前没有测点需要登记文件。')
    leave()
    views[DAILY] = { body: { documents: [document], points: [points[0]] } }
    await open('/credit')
    expect(shown().text()).toContain('1 个测点的文件齐全')
    leave()
    delete views[DAILY]
    await open('/filings/o1/credit', { kind: 'regulator' })
    expect(shown().text()).toContain('没有找到，或您无权查看')
    leave()
    views[DAILY] = { status: 500, body: { code: 'unexpected', title: '系统内部错误' } }
    await open('/credit')
    expect(texts('button')).toContain('重试')
  })
})

it('in a narrow window every point and document is a card, with all that a row has', async () => {
  inNarrowWindow()
  await open('/credit')
  expect([shown().findAll('table').length, texts('li').length]).toEqual([0, 4])
  expect(texts('li')[1]).toBe('甲厂测点 p2仪器操作规程缺登记维护技术要求运维管理制度缺登记')
  await button('替换操作规程')
  expect(dialog().attributes('title')).toBe('替换文件：操作规程')
})

describe('a new document', () => {
  it('begins with all points that lack its kind, and is sent for all of them with the word for its file', async () => {
    await open('/credit')
    await button('登记文件')
    expect(shown().text()).toContain('已选 2 个测点')
    await type('文件名称', ' 总规程 ')
    await type('版次', '第 1 版')
    await pick('文件')
    await button('保存')
    expect(sent.map(({ path }) => path)).toEqual(['/api/files/evidence', '/api/filing/credit/documents'])
    expect(commands()[0]?.body).toMatchObject({ document: { kind: 'operating_instructions', title: '总规程', edition: '第 1 版', points: ['p2', 'p3'], file: { sha256: 'b'.repeat(64) } }, evidence: 'stored' })
    expect(dialog().exists()).toBe(false)
    expect(waited.at(-1)).toEqual([DAILY, 'credit_document-d1@1'])
  })

  it('takes the points of another kind, but leaves those that somebody has picked', async () => {
    await open('/credit')
    await button('登记文件')
    await type('类别', 'management_rules')
    expect(shown().text()).toContain('已选 1 个测点')
    await choose('适用测点', ['p1', 'p2', 'p3'])
    await type('类别', 'operating_instructions')
    expect(shown().text()).toContain('已选 3 个测点')
  })

  it('is not sent while something is missing, and says so at the fields', async () => {
    await open('/credit')
    await button('为测点 p2登记运维管理制度')
    expect(shown().text()).toContain('已选 1 个测点')
    await choose('适用测点', [])
    await button('保存')
    expect([said('title'), said('edition'), said('points'), said('file'), commands()]).toEqual(['请填写文件名称。', '请填写版次。', '请至少选择一个测点。', '请上传文件。', []])
    await type('文件名称', '制度')
    expect(shown().find('[data-field="title"] > em').exists()).toBe(false)
  })

  it('shows a refusal at its field', async () => {
    refusals.push({ status: 422, body: { code: 'command.invalid', title: '填写有误', errors: [{ field: 'document.title', rule: 'x', sentence: '名称过长。' }, { field: 'other', rule: 'x', sentence: '别处不对。' }] } })
    await open('/credit')
    await button('登记文件')
    await type('文件名称', '规程')
    await type('版次', '1')
    await pick('文件')
    await button('保存')
    expect([said('title'), texts('[role=alert] p')]).toEqual(['名称过长。', ['别处不对。']])
  })
})

describe('a document that is there', () => {
  it('is replaced with a reason at the version that was seen, and keeps points of contracts that have ended', async () => {
    await open('/credit')
    await button('替换操作规程')
    expect(shown().text()).toContain('已选 2 个测点，其中 1 个不在正在履行的合同中')
    await type('版次', '第 4 版')
    await button('保存')
    expect([said('reason'), commands()]).toEqual(['请填写原因。', []])
    await type('原因', '改版')
    await button('保存')
    expect(sent).toMatchObject([{ path: '/api/filing/credit/documents/d1/replacement', version: '"2"', body: { reason: '改版', document: { edition: '第 4 版', points: ['p1', 'gone'], file } } }])
  })

  it('is replaced over what another has saved, and what was typed stays', async () => {
    await open('/credit')
    await button('替换操作规程')
    await type('版次', '第 4 版')
    await type('原因', '改版')
    refusals.push({ status: 412, body: { code: 'version.mismatch', title: '数据已被他人修改，请查看差异后重新提交。' } })
    views[DAILY] = { body: { documents: [{ ...document, version: 3, title: '新规程' }], points } }
    await button('保存')
    await button('并入他人的修改，继续填写')
    await button('保存')
    expect(commands().map(({ version, body }) => [version, (body.document as typeof document).title, (body.document as typeof document).edition])).toEqual([['"2"', '操作规程', '第 4 版'], ['"3"', '新规程', '第 4 版']])
  })

  it('that another has withdrawn meanwhile is not written over', async () => {
    await open('/credit')
    await button('替换操作规程')
    await type('原因', '改版')
    refusals.push({ status: 412, body: { code: 'version.mismatch', title: '数据已被他人修改' } })
    views[DAILY] = { body: { documents: [], points } }
    await button('保存')
    await button('并入他人的修改，继续填写')
    expect(shown().text()).toContain('这份文件已被撤回。')
  })

  it('is withdrawn with a reason; where it has changed it is looked at first', async () => {
    await open('/credit')
    await button('撤回操作规程')
    await button('撤回')
    expect([said('reason'), commands()]).toEqual(['请填写原因。', []])
    await type('原因', '登记有误')
    refusals.push({ status: 412, body: { code: 'version.mismatch', title: '数据已被他人修改' } })
    await button('撤回')
    expect(commands()).toMatchObject([{ path: '/api/filing/credit/documents/d1/withdrawal', version: '"2"', body: { reason: '登记有误' } }])
    await button('查看最新内容')
    expect(dialog().exists()).toBe(false)
  })
})

it('a form with something typed is not closed unasked', async () => {
  const { ElMessageBox } = await import('../own/testing')
  await open('/credit')
  await button('登记文件')
  await type('文件名称', '规程')
  vi.mocked(ElMessageBox.confirm).mockImplementationOnce(() => Promise.resolve())
  await button('取消')
  await flushPromises()
  expect([vi.mocked(ElMessageBox.confirm).mock.calls.length, dialog().exists()]).toEqual([1, true])
})
