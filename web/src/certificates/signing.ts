import { Problem } from '../api/problem'

export type Signed = { certificate: string; signature: string } | { signed_data: string }

/** Signs the text, as UTF-8 byte for byte, with the key of 法人一证通 that is plugged in. */
export async function signWithCertificate(text: string): Promise<Signed> {
  throw new Problem(400, 'certificate.no-service', `本机没有可用的证书签名服务，不能签署这段文字（${text.length} 字）。`)
}
