import 'fake-indexeddb/auto'
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { newUuid } from '../../api/key'
import type { Account, Confirmation, Visit } from '../../api/types'
import { db, me } from '../account'
import { attemptOf } from './attempt'
import ConfirmationPage from './ConfirmationPage.vue'
import SignPart from './SignPart.vue'

const PERSON = newUuid()
const judged = { distance_m: '93.4', radius_m: '200', marks: ['clock_skew'] }
const presence = { by: PERSON, claimed_at: '2026-12-01T01:31:43Z', received_at: '2026-12-01T01:31:44Z', judged, fix: null, companions: [] }
const sheet = { sheet_id: 's', revision_id: 'r', form: 'patrol', form_version: 1, content: 'patrol', by: PERSON, claimed_at: '2026-12-01T01:40:00Z', received_at: '2026-12-01T01:40:00Z', values: { flow: '1.0' }, findings: [{ field: 'flow', rule: 'low', level: 'warning', sentence: '流量低于常值' }] }

let confirmation: Confirmation
let visit: Visit
let lacking: string[]
let online: boolean
let sent: Request[]

function answer({ url, method }: Request): Response {
  const { pathname } = new URL(url)
  if (pathname.endsWith('/signoff/statement')) return Response.json({ version: '1', text: '本人确认' })
  if (pathname.startsWith('/api/signoff') || pathname.endsWith('/signature')) return Response.json({ stream: `confirmation-${confirmation.id}`, version: 2 }, { status: 202 })
  if (pathname.endsWith('/missing')) return Response.json({ files: 1, missing: lacking })
  if (pathname.endsWith('/evidence')) return Response.json({ token: 't', missing: [], contents: {} })
  if (pathname.endsWith('/account-labels')) return Response.json({ labels: { [PERSON]: '李运维' } })
  if (pathname.endsWith('/tasks/forms')) return Response.json({ contents: [], forms: [{ form: 'patrol', version: 1, title: '巡检维护记录表', layout: [{ group: '', fields: ['flow'] }], computed: [], schema: { properties: { flow: { title: '流量' } } } }] })
  if (pathname.includes('/views/visits/')) return Response.json(visit)
  if (pathname.includes('/views/confirmations/')) return Response.json(confirmation)
  return Response.json(method === 'GET' ? { items: [], next: null } : {})
}

beforeEach(() => {
  const id = newUuid()
  me.account = { id: newUuid(), kind: 'enterprise', label: '企业' } as Account
  confirmation = { id, visit_id: newUuid(), state: 'requested', due_at: '2126-12-01T16:00:00Z', content_sha256: 'c', late: null, signature: null, signed_content_sha256: null, originals_at: null, steps: [] } as unknown as Confirmation
  visit = {
    id: confirmation.visit_id, by: PERSON, day: '2026-12-01', point_name: '污水总测点', point_code: 'DW001', medium: 'wastewater', operator_name: '绿测', enterprise_name: '清泉', state: 'complete', marks: ['received_late'],
    backfilled: false, obstructed: false, conflict: false, filing_marks: ['not_filed_person'], operator_filing: { state: 'none', since: null }, certificates: [], devices: [], findings: [], instruments: [], amendments: [],
    photos: [], sheets: [{ sheet_id: 's', content: 'patrol', form: 'patrol', form_version: 1, heads: [sheet], revisions: [sheet] }], confirmation, sign_out: {},
    content: { sha256: 'c', text: JSON.stringify({ visit_id: confirmation.visit_id, cycles: [], sign_in: presence, sheets: [sheet], photos: [] }) },
  } as unknown as Visit
  lacking = []
  online = true
  sent = []
  vi.stubGlobal('fetch', async (request: Request) => {
    if (!online) throw new TypeError('Failed to fetch')
    sent.push(request.clone())
    return answer(request)
  })
})
afterEach(() => { vi.unstubAllGlobals(); me.account = null })

const stubs = {
  PhoneFrame: { template: '<main><slot /><footer><slot name="action" /></footer></main>' }, StoredPicture: true,
  VanButton: { props: ['disabled'], template: '<button :disabled="disabled"><slot /></button>' },
}

async function open() {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:all(.*)*', component: { template: '<i />' } }] })
  await router.push(`/confirmations/${confirmation.id}`)
  const page = mount(ConfirmationPage, { props: { id: confirmation.id }, global: { plugins: [router], stubs } })
  await vi.waitFor(() => expect(page.text()).toContain('巡检维护记录表'))
  await flushPromises()
  return { page, button: (text: string) => page.findAll('footer button').find((each) => each.text() === text) }
}

const opened = () => sent.filter(({ url }) => url.endsWith('/opening'))

describe('what a signer sees', () => {
  it('is who came, when and where, what was written, what was noticed, and what filings say', async () => {
    const { page, button } = await open()
    for (const words of ['李运维', '2026-12-01 09:31:43', '距测点 93.4 米', '手机时钟偏差', '延迟收到', '流量低于常值', '人员未备案', '运维机构未备案', '按现在的备案得出，不属于签字的内容']) expect(page.text()).toContain(words)
    expect(button('签字确认')!.attributes('disabled')).toBeUndefined()
  })

  it('is told to the system once, and not again when it has been told', async () => {
    await open()
    await vi.waitFor(() => expect(opened()).toHaveLength(1))
    confirmation.state = 'opened'
    await open()
    expect(opened()).toHaveLength(1)
  })
})

describe('nothing is signed', () => {
  it('by an account that does not sign: it reads why, and may dispute', async () => {
    me.account = { ...me.account!, signs: false } as Account
    const { page, button } = await open()
    expect(page.text()).toContain('您的账户没有签字权限')
    expect([button('签字确认'), button('有异议')!.attributes('disabled')]).toEqual([undefined, undefined])
  })

  it('before every original is here', async () => {
    lacking = ['file']
    const { page, button } = await open()
    expect(page.text()).toContain('还有 1 个文件的原件尚未上传')
    expect(button('签字确认')!.attributes('disabled')).toBeDefined()
  })

  it('without a network: what was read is shown with its time', async () => {
    await open()
    online = false
    const { page, button } = await open()
    expect(page.text()).toContain('签字和提出异议需要网络')
    expect(['签字确认', '有异议'].map((text) => button(text)!.attributes('disabled'))).not.toContain(undefined)
  })

  it('where the text shown is not what its hash stands for', async () => {
    const read = { confirmation, visit, names: {}, forms: { contents: [], forms: [] }, missing: [], ofVisit: 0, at: '' }
    const form = mount(SignPart, { props: { read, late: false }, global: { stubs: { ...stubs, SignatureBlock: { emits: ['update:modelValue'], template: '<i class="draw" @click="$emit(`update:modelValue`, true)" />' } } } })
    await vi.waitFor(() => expect(form.text()).toContain('本人确认'))
    await form.find('form').trigger('submit')
    expect(form.text()).toContain('请先手写签名。')
    await form.find('.draw').trigger('click')
    await form.find('form').trigger('submit')
    expect(form.text()).toContain('请输入登录密码。')
    await form.find('input[name=password]').setValue('secret')
    await form.find('form').trigger('submit')
    await vi.waitFor(() => expect(form.emitted('changed')).toHaveLength(1))
    expect(sent.filter(({ url }) => /signature|second-factor|uploads/.test(url))).toEqual([])
  })
})

describe('a signature without an answer', () => {
  const attempt = { key: 'the-same-key', said: 'said', body: { content_sha256: 'c', second_factor: 'token' } }

  it('is sent again as it was, and only when somebody says so', async () => {
    await db().keep(attemptOf('signature', confirmation.id), attempt)
    const { page } = await open()
    expect(sent.filter(({ url }) => url.endsWith('/signature'))).toEqual([])
    await page.findAll('button').find((each) => each.text() === '再次提交')!.trigger('click')
    await vi.waitFor(() => expect(sent.some(({ url }) => url.endsWith('/signature'))).toBe(true))
    const command = sent.find(({ url }) => url.endsWith('/signature'))!
    expect([command.headers.get('Idempotency-Key'), await command.json()]).toEqual([attempt.key, attempt.body])
  })

  it('is forgotten once the system has it', async () => {
    await db().keep(attemptOf('signature', confirmation.id), attempt)
    confirmation.state = 'signed'
    const { page } = await open()
    expect(page.text()).not.toContain('再次提交')
    expect(await db().thing(attemptOf('signature', confirmation.id))).toBeNull()
  })
})
