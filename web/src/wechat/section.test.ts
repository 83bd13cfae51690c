import { flushPromises, mount } from '@vue/test-utils'
import { ElMessageBox } from 'element-plus'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { leaveFor } from './leaving'
import { serve } from './testing'
import WeChatLogIn from './WeChatLogIn.vue'
import WeChatSection from './WeChatSection.vue'

vi.mock('./leaving', () => ({ leaveFor: vi.fn() }))
vi.mock('vue-router', async (original) => ({ ...(await original<object>()), useRoute: () => ({ query: { to: '/visits' } }) }))
vi.mock('element-plus', async (original) => ({ ...(await original<object>()), ElMessageBox: { confirm: vi.fn() } }))
vi.mock('element-plus/es', async (original) => ({ ...(await original<object>()), ElMessageBox: { confirm: vi.fn() } }))

const BINDING = { id: 'b', name: '周敏的微信', bound_at: '2026-11-24T08:00:00Z', following: false }
const LIST = 'GET /api/wechat/bindings'

async function section() {
  const page = mount(WeChatSection)
  await flushPromises()
  return page
}
type Page = Awaited<ReturnType<typeof section>>
const button = (page: Page, text: string) => page.findAll('button').find((found) => found.text() === text)!

beforeEach(() => {
  localStorage.clear()
  setActivePinia(createPinia())
  vi.mocked(leaveFor).mockClear()
})

describe('微信 in 我的信息', () => {
  it('says that WeChat is not configured, and offers nothing', async () => {
    serve({ [LIST]: { configured: false, items: [] } })
    const page = await section()
    expect(page.text()).toContain('没有配置微信公众号')
    expect(page.findAll('button')).toEqual([])
  })

  it('lists who is bound, and who cannot be reached', async () => {
    serve({ [LIST]: { configured: true, items: [BINDING] } })
    const text = (await section()).text()
    expect(text).toContain('周敏的微信')
    expect(text).toContain('未关注公众号')
  })

  it('binds by the number that the phone shows', async () => {
    const posted = serve({ [LIST]: { configured: true, items: [] }, 'POST /api/wechat/binding/beginning': { url: 'https://w/', qr: 'data:,', state: 's', expires_at: '' } })
    const page = await section()
    expect(button(page, '绑定微信').attributes('disabled')).toBeDefined()
    await page.get('input[type=password]').setValue('secret words')
    await page.findAll('form')[0]!.trigger('submit')
    await flushPromises()
    expect(posted.at(-1)).toEqual({ path: '/api/wechat/binding/beginning', body: { name: expect.stringContaining('微信'), password: 'secret words' } })
    expect(page.get<HTMLInputElement>('input[type=password]').element.value).toBe('')
    expect(leaveFor).not.toHaveBeenCalled()
    expect(page.get('img').attributes('src')).toBe('data:,')
    await page.get('.digits input').setValue('0417')
    await page.findAll('form')[1]!.trigger('submit')
    await flushPromises()
    expect(posted.at(-1)).toEqual({ path: '/api/wechat/binding/confirmation', body: { state: 's', number: '0417' } })
    expect(page.find('img').exists()).toBe(false)
  })

  it('goes to WeChat at once where it is open in WeChat', async () => {
    vi.stubGlobal('navigator', { userAgent: 'MicroMessenger/8.0' })
    serve({ [LIST]: { configured: true, items: [] }, 'POST /api/wechat/binding/beginning': { url: 'https://w/', qr: '', state: 's', expires_at: '' } })
    const page = await section()
    await page.findAll('form')[0]!.trigger('submit')
    await flushPromises()
    expect(leaveFor).toHaveBeenCalledWith('https://w/')
    vi.unstubAllGlobals()
  })

  it.each([[true, 1], [false, 0]])('unbinds after it was confirmed: %s', async (sure, number) => {
    vi.mocked(ElMessageBox.confirm)[sure ? 'mockResolvedValueOnce' : 'mockRejectedValueOnce']('cancel' as never)
    const posted = serve({ [LIST]: { configured: true, items: [BINDING] } })
    const page = await section()
    await button(page, '解除绑定').trigger('click')
    await flushPromises()
    expect(posted.filter(({ path }) => path === '/api/wechat/bindings/b')).toHaveLength(number)
  })
})

describe('the log-in by WeChat', () => {
  it('leaves for WeChat and remembers the page that was asked for', async () => {
    serve({ 'POST /api/session/wechat/beginning': { url: 'https://w/', state: 's', secret: 'x', expires_at: '' } })
    const page = mount(WeChatLogIn)
    await page.get('button').trigger('click')
    await flushPromises()
    expect(leaveFor).toHaveBeenCalledWith('https://w/')
    expect(localStorage.getItem('qingyuan.wechat')).toContain('/visits')
  })

  it('stays and says why where WeChat is not configured', async () => {
    serve({ 'POST /api/session/wechat/beginning': { code: 'wechat.not-configured' } })
    const page = mount(WeChatLogIn)
    await page.get('button').trigger('click')
    await flushPromises()
    expect(page.text()).toContain('wechat.not-configured')
    expect(leaveFor).not.toHaveBeenCalled()
  })
})
