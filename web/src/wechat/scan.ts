import { wechat } from './sdk'

/** Before what a bar code says WeChat writes its kind: CODE_128,SN1. */
const KIND = /^(?:CODE_\d+|EAN_\d+|UPC_[AE]|ITF|CODABAR|CODABLOCK|RSS_\w+),/

export class ScanFailed extends Error {}

/** What WeChat scans; null where the person went back. How long a person looks for the code is not limited. */
export async function wechatScan(): Promise<string | null> {
  const wx = await wechat()
  if (!wx) throw new ScanFailed('暂时用不了微信扫一扫，请直接点选。')
  return new Promise((resolve, reject) => {
    wx.scanQRCode({
      needResult: 1,
      scanType: ['qrCode', 'barCode'],
      success: ({ resultStr }: { resultStr: string }) => resolve(resultStr.replace(KIND, '')),
      cancel: () => resolve(null),
      fail: () => reject(new ScanFailed('暂时用不了微信扫一扫，请直接点选。')),
    })
  })
}
