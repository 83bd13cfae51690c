import { post } from '../api'
import { insideWeChat } from './going'

const PATIENCE_MS = 4_000

export interface Position {
  longitude: number
  latitude: number
  accuracy: number
}

type Sdk = (typeof import('weixin-js-sdk'))['default']
let configured: Promise<Sdk | null> | null = null

/** Whatever WeChat does not answer in time, the browser is asked instead: a technician must not wait for it. */
function inTime<T>(asked: Promise<T | null>): Promise<T | null> {
  return Promise.race([asked.catch(() => null), new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE_MS))])
}

/** Position and scanning. No pictures: what WeChat gives of one is its own copy, and evidence is the camera's file (decision 0043). */
const ASKED_FOR: Parameters<Sdk['config']>[0]['jsApiList'] = ['getLocation', 'scanQRCode']

/** WeChat's script is a part of these pages and is loaded inside WeChat alone. The address without # is signed. */
async function configure(): Promise<Sdk | null> {
  const [{ default: wx }, signed] = await Promise.all([import('weixin-js-sdk'), post('/api/wechat/js-signature', { url: location.href.split('#')[0]! })])
  return new Promise((resolve) => {
    wx.ready(() => resolve(wx))
    wx.error(() => resolve(null))
    wx.config({ debug: false, appId: signed.app_id, timestamp: signed.timestamp, nonceStr: signed.nonce, signature: signed.signature, jsApiList: ASKED_FOR, openTagList: [] })
  })
}

/** WeChat as it answers this page. Null outside it, without a network at the first time, or where no account of WeChat is configured. */
export async function wechat(): Promise<Sdk | null> {
  if (!insideWeChat()) return null
  const sdk = await inTime((configured ??= configure()))
  if (!sdk) configured = null
  return sdk
}

/** Where the phone is, by WeChat, in WGS-84. Null outside WeChat, without permission, or without an answer in time. */
export async function wechatPosition(): Promise<Position | null> {
  const wx = await wechat()
  if (!wx) return null
  return inTime(new Promise<Position | null>((resolve) => {
    wx.getLocation({
      type: 'wgs84',
      success: (found: { longitude: number | string; latitude: number | string; accuracy: number | string }) => resolve({ longitude: Number(found.longitude), latitude: Number(found.latitude), accuracy: Number(found.accuracy) }),
      fail: () => resolve(null),
      cancel: () => resolve(null),
    })
  }))
}
