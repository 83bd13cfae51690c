import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { serve } from './testing'

const wx = { config: vi.fn(), ready: vi.fn(), error: vi.fn(), getLocation: vi.fn() }
vi.mock('weixin-js-sdk', () => ({ default: wx }))

const SIGNED = { app_id: 'wx1', timestamp: 1, nonce: 'n', signature: 's' }
const inWeChat = () => vi.stubGlobal('navigator', { userAgent: 'MicroMessenger/8.0' })
const position = async () => (await import('./sdk')).wechatPosition()

beforeEach(() => {
  vi.resetModules()
  Object.values(wx).forEach((call) => call.mockReset())
  wx.ready.mockImplementation((then: () => void) => then())
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('the position by WeChat', () => {
  it('is not asked for outside WeChat, and nothing is loaded', async () => {
    const posted = serve({})
    expect(await position()).toBeNull()
    expect(posted).toEqual([])
    expect(wx.config).not.toHaveBeenCalled()
  })

  it('comes in WGS-84 after the address without its hash was signed', async () => {
    inWeChat()
    const posted = serve({ 'POST /api/wechat/js-signature': SIGNED })
    wx.getLocation.mockImplementation(({ success }) => success({ longitude: '121.1', latitude: 31.1, accuracy: 20 }))
    expect(await position()).toEqual({ longitude: 121.1, latitude: 31.1, accuracy: 20 })
    expect(posted[0]!.body).toEqual({ url: location.href.split('#')[0] })
    expect(wx.getLocation.mock.calls[0]![0]).toMatchObject({ type: 'wgs84' })
  })

  it.each(['refused', 'not signed'])('leaves the answer to the browser: %s', async (why) => {
    inWeChat()
    serve({ 'POST /api/wechat/js-signature': why === 'not signed' ? { code: 'wechat.away', status: 503 } : SIGNED })
    wx.getLocation.mockImplementation(({ fail }) => fail())
    expect(await position()).toBeNull()
  })

  it('leaves it to the browser where WeChat never answers', async () => {
    vi.useFakeTimers()
    inWeChat()
    serve({ 'POST /api/wechat/js-signature': SIGNED })
    wx.ready.mockReset()
    const asked = position()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await asked).toBeNull()
  })
})
