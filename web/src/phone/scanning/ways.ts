import { wechat } from '../../wechat/sdk'

interface Detector { detect: (of: HTMLVideoElement) => Promise<{ rawValue: string }[]> }
interface DetectorClass { new (): Detector; getSupportedFormats: () => Promise<string[]> }

/** Not in every browser, and in some without a format that it could read. */
const detectorClass = (): DetectorClass | undefined => (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector

export const newDetector = (): Detector => new (detectorClass()!)()

async function readsByCamera(): Promise<boolean> {
  if (!('mediaDevices' in navigator)) return false
  const formats = await detectorClass()?.getSupportedFormats().catch(() => [])
  return Boolean(formats?.length)
}

export type Way = 'wechat' | 'camera'

/** How this phone scans, if it can. */
export async function wayToScan(): Promise<Way | null> {
  if (await wechat()) return 'wechat'
  return (await readsByCamera()) ? 'camera' : null
}
