import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { serve } from './testing'

const wx = { config: vi.fn(), ready: vi.fn(), error: vi.fn(), getLocation: vi.fn(), scanQRCode: vi.fn() }
vi.mock('weixin-js-sdk', () => ({ default: wx }))

const SIGNED = { app_id: 'wx1', timestamp: 1, nonce: 'n', signature: 's' }
const inWeChat = () => vi.stubGlobal('navigator', { userAgent: 'MicroMessenger/8.0' })
const scan = async () => (await import('./scan')).wechatScan()
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

it('WeChat is asked for position and scanning, never for pictures: its copy is not what the camera made', async () => {
  inWeChat()
  serve({ 'POST /api/wechat/js-signature': SIGNED })
  wx.getLocation.mockImplementation(({ success }) => success({ longitude: 121, latitude: 31, accuracy: 20 }))
  await position()
  expect(wx.config.mock.calls[0]![0].jsApiList).toEqual(['getLocation', 'scanQRCode'])
})

describe('a scan by WeChat', () => {
  const answers = (with_: (asked: { success: (found: object) => void; cancel: () => void; fail: () => void }) => void) => {
    inWeChat()
    serve({ 'POST /api/wechat/js-signature': SIGNED })
    wx.scanQRCode.mockImplementation(with_)
  }

  it.each([['CODE_128,SN,1', 'SN,1'], ['EAN_13,6901234567892', '6901234567892'], ['SN1,2', 'SN1,2']])('%s says %s', async (raw, text) => {
    answers(({ success }) => success({ resultStr: raw }))
    expect(await scan()).toBe(text)
    expect(wx.scanQRCode.mock.calls[0]![0]).toMatchObject({ needResult: 1 })
  })

  it('is nothing where the person goes back', async () => {
    answers(({ cancel }) => cancel())
    expect(await scan()).toBeNull()
  })

  it('is refused in words', async () => {
    answers(({ fail }) => fail())
    await expect(scan()).rejects.toThrow('暂时用不了微信扫一扫')
  })

  it('is not tried outside WeChat', async () => {
    await expect(scan()).rejects.toThrow('暂时用不了微信扫一扫')
    expect(wx.scanQRCode).not.toHaveBeenCalled()
  })
})
