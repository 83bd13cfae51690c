import { wechatPosition } from '../wechat/sdk'
import type { Fix, Place } from './types'

const WAIT_MS = 15_000
const EARTH_M = 6_371_008.8

export class NoFix extends Error {}

const SENTENCES: Record<number, string> = {
  1: '未获准使用定位。可在浏览器设置中允许，或不带定位继续。',
  2: '暂时取不到定位，请到室外重试，或不带定位继续。',
  3: '定位超时，请重试，或不带定位继续。',
}

/** Where the device says it is, raw: the server judges what that means. Inside WeChat its answer comes first; both are in WGS-84. */
export async function fix(): Promise<Fix> {
  const coords = await wechatPosition()
  return coords ? fixOf({ coords, timestamp: Date.now() }) : fixByBrowser()
}

function fixByBrowser(): Promise<Fix> {
  return new Promise((resolve, reject) => {
    if (!navigator.geolocation) return reject(new NoFix('此浏览器不提供定位，可不带定位继续。'))
    navigator.geolocation.getCurrentPosition(
      (found) => resolve(fixOf(found)),
      (error) => reject(new NoFix(SENTENCES[error.code] ?? '取不到定位，可不带定位继续。')),
      { enableHighAccuracy: true, timeout: WAIT_MS, maximumAge: 0 },
    )
  })
}

export function fixOf(found: { coords: { longitude: number; latitude: number; accuracy: number }; timestamp: number }): Fix {
  const { longitude, latitude, accuracy } = found.coords
  return { longitude: longitude.toFixed(8), latitude: latitude.toFixed(8), accuracy_m: accuracy.toFixed(1), datum: 'WGS-84', fixed_at: new Date(found.timestamp).toISOString() }
}

const radians = (degrees: string): number => (Number(degrees) * Math.PI) / 180

/** Metres along the ground, for the eye only: the server measures for the record. */
export function metres(a: Place, b: Place): number {
  const [from, to] = [radians(a.latitude), radians(b.latitude)]
  const across = Math.sin((radians(b.longitude) - radians(a.longitude)) / 2) ** 2 * Math.cos(from) * Math.cos(to)
  return 2 * EARTH_M * Math.asin(Math.sqrt(Math.sin((to - from) / 2) ** 2 + across))
}

/** 距此 320 米, 距此约 1.4 公里. A place in a shifted datum is off by some hundred metres, and says so. */
export function distanceText(here: Place, there: Place): string {
  const far = metres(here, there)
  const shifted = there.datum === 'GCJ-02' || there.datum === 'BD-09'
  if (far >= 1000) return `约 ${(far / 1000).toFixed(1)} 公里`
  return shifted ? '1 公里以内' : `${Math.round(far / 10) * 10} 米`
}

/** GCJ-02 and BD-09 differ from WGS-84 by about 500 and 1200 metres in Shanghai, and the phone does not convert. */
const SHIFT_M = 1300

/** Whether the server will mark this place as outside the fence: the whole circle of uncertainty lies outside. In doubt, no. */
export function isOutside(here: Fix, there: Place, radiusM: number): boolean {
  const shifted = there.datum === 'GCJ-02' || there.datum === 'BD-09'
  return metres(here, there) - Number(here.accuracy_m) - (shifted ? SHIFT_M : 0) > radiusM
}

/** The fence's radius in metres as it was taken along; null where it was not. */
export function fenceRadius(settings: Record<string, unknown> | undefined): number | null {
  const radius = Number(settings?.fence_radius_m)
  return Number.isFinite(radius) && radius > 0 ? radius : null
}
