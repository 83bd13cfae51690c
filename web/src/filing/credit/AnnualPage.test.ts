import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { today } from '../../days'
import * as uploads from '../../work/upload'
import { address, ANNUAL, begin, button, choose, commands, dialog, fileOf, inNarrowWindow, leave, open, pick, refusals, said, sent, shown, texts, type, views, waited } from './testing'

vi.mock('element-plus/es', () => import('../own/testing'))
vi.mock('../../work/upload', () => ({ upload: vi.fn() }))

const now = Number(today().slice(0, 4))
const THIS = `${ANNUAL}/${now}`
const certificate = fileOf('a', '证书.pdf')
const entry = (entry_id: string, changed: object = {}) => ({ entry: { entry_id, kind: 'training', first_day: '2024-03-02', last_day: '2024-03-03', content: 'HJ 355', hours: '12', participants: ['1', '2'], files: [certificate], ...changed }, late: false, recorded_at: '2024-03-04T00:00:00Z' })
const empty = { year: now, version: 0, plan: null, plan_late: false, closed: false, entries: [], years: [2024] }
const before = { year: 2024, version: 7, plan: { title: '2024 年培训计划', file: fileOf('c', '计划.pdf') }, plan_late: true, closed: true, entries: [entry('e1'), { ...entry('e2', { kind: 'supervision', hours: '2.5', participants: ['2'], last_day: '2024-03-02' }), late: true }], years: [2024] }

beforeEach(() => {
  begin()
  views[THIS] = { body: empty }
  views[`${ANNUAL}/2024`] = { body: before }
  views['/api/filing/filings/o1/names'] = { body: { items: [{ id: '1', name: '王芳' }, { id: '2', name: '陈强' }, { id: '3', erased: true }] } }
  views['/api/views/filings'] = { body: { items: [{ operator_id: 'o1' }], next: null } }
  vi.mocked(uploads.upload).mockResolvedValue(fileOf('b', '新文件.pdf'))
})
afterEach(leave)

describe('the page', () => {
  it('begins with this year, and says what it has nothing of', async () => {
    await open('/credit/annual')
    for (const text of [`没有登记 ${now} 年的培训计划`, '没有登记教育。', '没有登记培训。', '没有登记监督。']) expect(shown().text()).toContain(text)
  })

  it('shows another year from the address, with what came late, and the hours of each kind and person', async () => {
    await open('/credit/annual?year=2024')
    for (const text of ['2024 年培训计划', '2024 年度信息已截止', '2024-03-02 至 2024-03-03', 'HJ 355', '王芳、陈强', '证书.pdf', '1 条，12 学时', '1 条，2.5 学时', '0 条，0 学时']) expect(shown().text()).toContain(text)
    expect(shown().text().match(/截止后/g)?.length).toBe(3) // the plan, one entry, and what the word means
    expect(texts('tr').slice(-2)).toEqual(['陈强0122.514.5', '王芳012012'])
  })

  it('goes to another year by the address, and never shows one year under the number of another', async () => {
    await open('/credit/annual')
    await choose('年度', 2024)
    expect([address(), shown().text().includes('HJ 355')]).toEqual(['/credit/annual?year=2024', true])
    await choose('年度', now)
    expect([address(), shown().text().includes('HJ 355')]).toEqual(['/credit/annual', false])
  })

  it('is read by technicians and offices, and not written', async () => {
    for (const [at, account] of [['/credit/annual?year=2024', { kind: 'operator', role: 'technician', organisation: 'o1' }], ['/filings/o1/credit/annual?year=2024', { kind: 'regulator' }]] as const) {
      await open(at, account)
      expect([shown().text().includes('HJ 355'), texts('button')]).toEqual([true, []])
      leave()
    }
    await open('/credit/annual')
  })

  it('says where names cannot be read, and shows the rest', async () => {
    views['/api/filing/filings/o1/names'] = { status: 500, body: { code: 'unexpected', title: '系统内部错误' } }
    await open('/credit/annual?year=2024')
    for (const text of ['人员姓名没有读出。', '姓名未读出、姓名未读出']) expect(shown().text()).toContain(text)
  })

  it('asks for no names where no filing was begun, and misses none', async () => {
    views['/api/views/filings'] = { body: { items: [], next: null } }
    delete views['/api/filing/filings/o1/names']
    await open('/credit/annual')
    expect([waited.some(([path]) => path.endsWith('/names')), shown().text().includes('人员姓名没有读出。')]).toEqual([false, false])
    leave()
    await open('/filings/o1/credit/annual', { kind: 'regulator' })
    expect(shown().text()).not.toContain('人员姓名没有读出。')
  })

  it('has a way on where it could not be loaded, and none where it may not be seen', async () => {
    views[THIS] = { status: 500, body: { code: 'unexpected', title: '系统内部错误' } }
    await open('/credit/annual')
    expect(texts('button')).toEqual(['重试'])
    leave()
    delete views[THIS]
    await open('/credit/annual')
    expect([texts('button'), shown().text().includes('没有找到，或您无权查看')]).toEqual([[], true])
  })
})

it('in a narrow window every entry is a card, with all that a row has', async () => {
  inNarrowWindow()
  await open('/credit/annual?year=2024')
  expect(texts('li')).toEqual(['2024-03-02 至 2024-03-0312 学时HJ 355参加人员：王芳、陈强证书.pdf更正撤回', '2024-03-022.5 学时截止后HJ 355参加人员：陈强证书.pdf更正撤回'])
})

describe('the plan', () => {
  it('is filed with its file at the version that was seen', async () => {
    await open('/credit/annual')
    await button('登记培训计划')
    await button('保存')
    expect([said('title'), said('file'), commands()]).toEqual(['请填写计划名称。', '请上传文件。', []])
    await type('计划名称', '计划')
    await pick('文件')
    await button('保存')
    expect(commands()).toMatchObject([{ path: `/api/filing/credit/years/${now}/plan`, version: '"0"', body: { plan: { title: '计划', file: { sha256: 'b'.repeat(64) } }, evidence: 'stored' } }])
  })

  it('is replaced over what another has written, and what was typed stays', async () => {
    await open('/credit/annual?year=2024')
    await button('更换')
    await type('计划名称', '新名称')
    refusals.push({ status: 412, body: { code: 'version.mismatch', title: '数据已被他人修改' } })
    views[`${ANNUAL}/2024`] = { body: { ...before, version: 8 } }
    await button('保存')
    await button('并入他人的修改，继续填写')
    await button('保存')
    expect(commands().map(({ version, body }) => [version, (body.plan as { title: string }).title])).toEqual([['"7"', '新名称'], ['"8"', '新名称']])
  })
})

describe('an entry', () => {
  const fill = async () => {
    await type('开始日期', `${now}-01-01`)
    await type('结束日期', `${now}-01-01`)
    await type('学时', '8')
    await type('内容', '规范')
  }

  it('is added with people of the filing and files, and stands beside whatever else was written', async () => {
    await open('/credit/annual')
    await button('登记教育')
    await button('保存')
    expect([said('first_day'), said('content'), said('hours'), commands()]).toEqual(['请填写开始日期。', '请填写内容。', '请填写学时。', []])
    await fill()
    await choose('参加人员', ['1'])
    await pick('选择证明材料')
    await button('保存')
    expect(commands()).toMatchObject([{ path: `/api/filing/credit/years/${now}/entries`, version: null, body: { entry: { kind: 'education', first_day: `${now}-01-01`, content: '规范', hours: '8', participants: ['1'], files: [{ sha256: 'b'.repeat(64) }] }, evidence: 'stored' } }])
  })

  it('shows a refusal at its field', async () => {
    refusals.push({ status: 422, body: { code: 'command.invalid', title: '填写有误', errors: [{ field: 'entry.first_day', rule: 'x', sentence: '日期不对。' }, { field: 'year', rule: 'range', sentence: '年度不对。' }] } })
    await open('/credit/annual')
    await button('登记监督')
    await fill()
    await button('保存')
    expect([said('first_day'), texts('[role=alert] p')]).toEqual(['日期不对。', ['年度不对。']])
  })

  it('is corrected under its id at the version that was seen, over what another has saved', async () => {
    await open('/credit/annual?year=2024')
    await button('更正2024-03-02 至 2024-03-03的培训')
    await type('学时', '16')
    refusals.push({ status: 412, body: { code: 'version.mismatch', title: '数据已被他人修改' } })
    views[`${ANNUAL}/2024`] = { body: { ...before, version: 9, entries: [entry('e1', { content: 'HJ 356' })] } }
    await button('保存')
    await button('并入他人的修改，继续填写')
    await button('保存')
    expect(commands().map(({ version, body }) => [version, body.entry])).toMatchObject([['"7"', { entry_id: 'e1', hours: '16', content: 'HJ 355' }], ['"9"', { entry_id: 'e1', hours: '16', content: 'HJ 356', files: [certificate] }]])
    expect(sent.map(({ path }) => path)).not.toContain('/api/files/evidence')
  })

  it('that another has withdrawn meanwhile is not brought back', async () => {
    await open('/credit/annual?year=2024')
    await button('更正2024-03-02 至 2024-03-03的培训')
    refusals.push({ status: 412, body: { code: 'version.mismatch', title: '数据已被他人修改' } })
    views[`${ANNUAL}/2024`] = { body: { ...before, entries: [] } }
    await button('保存')
    await button('并入他人的修改，继续填写')
    expect(shown().text()).toContain('这一条已被撤回。')
  })

  it('is withdrawn with a reason', async () => {
    await open('/credit/annual?year=2024')
    await button('撤回2024-03-02的监督')
    await type('原因', '重复')
    await button('撤回')
    expect(commands()).toMatchObject([{ path: '/api/filing/credit/years/2024/entries/e2/withdrawal', version: '"7"', body: { reason: '重复' } }])
    expect(dialog().exists()).toBe(false)
  })
})
