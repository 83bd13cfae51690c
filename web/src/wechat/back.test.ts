import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { useSession } from '../session'
import BackPage from './BackPage.vue'
import { leaveFor } from './leaving'
import { ACCOUNT, serve, SESSION } from './testing'

vi.mock('./leaving', () => ({ leaveFor: vi.fn() }))
vi.mock('../router', () => ({ landing: (to: string) => to }))

const STATE = 's'
const LOG_IN = '/api/session/wechat'
const ARRIVAL = '/api/wechat/binding/arrival'
const went = (secret?: string, to = '/m/') => localStorage.setItem('qingyuan.wechat', JSON.stringify({ state: STATE, secret, to, until: Date.now() + 60_000 }))

async function comesBack(query: string) {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/wechat/back', component: {} }, { path: '/:rest(.*)*', component: {} }] })
  await router.push(`/wechat/back${query}`)
  const page = mount(BackPage, { global: { plugins: [router] } })
  await flushPromises()
  return { page, router }
}

beforeEach(() => {
  localStorage.clear()
  setActivePinia(createPinia())
  vi.mocked(leaveFor).mockClear()
})

describe('coming back from WeChat', () => {
  it('opens the session with the secret of this browser and goes on to the phone', async () => {
    went('x')
    const posted = serve({ [`POST ${LOG_IN}`]: SESSION })
    await comesBack('?code=c&state=s')
    expect(posted).toEqual([{ path: LOG_IN, body: { state: STATE, secret: 'x', code: 'c' } }])
    expect(leaveFor).toHaveBeenCalledWith('/m/')
    expect(useSession().account?.name).toBe('zhou')
  })

  it('goes on to the page of the desk that was asked for', async () => {
    went('x', '/visits')
    serve({ [`POST ${LOG_IN}`]: SESSION })
    const { router } = await comesBack('?code=c&state=s')
    expect(router.currentRoute.value.path).toBe('/visits')
  })

  it('does not open a session again after it was opened', async () => {
    went('x')
    const posted = serve({ [`POST ${LOG_IN}`]: SESSION, [`POST ${ARRIVAL}`]: { code: 'wechat.gone' } })
    await comesBack('?code=c&state=s')
    const { page } = await comesBack('?code=c&state=s')
    expect(posted.map(({ path }) => path)).toEqual([LOG_IN, ARRIVAL])
    expect(page.text()).toContain('返回')
  })

  it('offers several accounts and opens the chosen one', async () => {
    went('x')
    const accounts = [ACCOUNT, { ...ACCOUNT, id: 'b', label: '乙', organisation_name: '甲运维' }]
    const posted = serve({ [`POST ${LOG_IN}`]: { code: 'wechat.choice', accounts }, [`POST ${LOG_IN}/choice`]: SESSION })
    const { page } = await comesBack('?code=c&state=s')
    await page.findAll('button').find((button) => button.text() === '乙（甲运维）')!.trigger('click')
    await flushPromises()
    expect(posted[1]).toEqual({ path: `${LOG_IN}/choice`, body: { state: STATE, secret: 'x', account: 'b' } })
    expect(leaveFor).toHaveBeenCalledWith('/m/')
  })

  it('says that the binding is done where the session began it', async () => {
    went(undefined, '/mine')
    serve({ [`POST ${ARRIVAL}`]: { outcome: 'bound', number: null } })
    const { page } = await comesBack('?code=c&state=s')
    expect(page.text()).toContain('已绑定')
    expect(page.findAll('a').map((link) => link.attributes('href'))).toContain('/mine')
  })

  it('shows the number where another device began', async () => {
    serve({ [`POST ${ARRIVAL}`]: { outcome: 'confirm', number: '0417' } })
    expect((await comesBack('?code=c&state=s')).page.text()).toContain('0417')
  })

  it('says on the phone that it is bound once the number was typed in elsewhere, and where to go on', async () => {
    vi.useFakeTimers()
    const answers: Record<string, unknown> = { [`POST ${ARRIVAL}`]: { outcome: 'confirm', number: '0417' } }
    serve(answers)
    const { page } = await comesBack('?code=c&state=s')
    answers[`POST ${ARRIVAL}`] = { code: 'service.down', status: 503 }
    await vi.advanceTimersByTimeAsync(3000)
    expect(page.text(), 'a bad moment leaves the number').toContain('0417')
    answers[`POST ${ARRIVAL}`] = { outcome: 'bound', number: null }
    await vi.advanceTimersByTimeAsync(3000)
    vi.useRealTimers()
    expect(page.text()).not.toContain('0417')
    expect(page.html()).toContain('已绑定')
    expect(page.findAll('a').map((link) => link.attributes('href'))).toContain('/m/')
  })

  it('offers no retry where it was denied, for the answer would be the same', async () => {
    serve({})
    expect((await comesBack('?state=s')).page.text()).not.toContain('重试')
  })

  it.each([['?state=s', '没有同意授权'], ['', '地址不完整'], ['?code=c', '地址不完整']])('asks the server nothing where it was denied or cut off: %s', async (query, sentence) => {
    const posted = serve({})
    expect((await comesBack(query)).page.text()).toContain(sentence)
    expect(posted).toEqual([])
  })

  it('says what the server refuses', async () => {
    serve({ [`POST ${ARRIVAL}`]: { code: 'wechat.snapshot' } })
    expect((await comesBack('?code=c&state=s')).page.text()).toContain('wechat.snapshot')
  })
})
