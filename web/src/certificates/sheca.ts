import { type Adapter, FAILED, type Held, type Signed, SigningProblem, type SigningService } from './port'

/**
 * 上海CA's interface for browsers without ActiveX, as public code of others shows it (SECONDARY: seen in no document of the
 * CA, never tried with a real key). It is used only where the vendor's own script is on the page.
 * The PIN is left empty, so that the vendor's window asks for it; a page must never take it.
 */
type Call = new (...values: string[]) => PromiseLike<unknown>

interface Vendor {
  UCCGetPluggedeKey: Call
  SEH_GetSelfCertificate: Call
  SEH_GetCertDetail: Call
  SEH_SignData: Call
}

const CALLS: (keyof Vendor)[] = ['UCCGetPluggedeKey', 'SEH_GetSelfCertificate', 'SEH_GetCertDetail', 'SEH_SignData']
const PORT = 'com1'
const REST = ['0', '', '', ''] as const
const SERIAL = '2'
const ORGANISATION = '14'
const WRONG_PIN = -2113667069
const NO_DEVICE = -2113666989

const vendorOf = (page: object): Vendor | null => (CALLS.every((name) => name in page) ? (page as Vendor) : null)

/** What a call answers: a text, or an object that holds one. */
function textOf(answer: unknown): string {
  if (typeof answer === 'string') return answer
  const text = Object.values((answer ?? {}) as object).find((value) => typeof value === 'string')
  if (text === undefined) throw FAILED
  return text as string
}

function problemOf(error: unknown): SigningProblem {
  if (error instanceof SigningProblem) return error
  const number = Number((error as { LastError?: unknown } | null)?.LastError)
  if (number === WRONG_PIN) return new SigningProblem('pin.wrong', 'PIN 码不正确。')
  if (number === NO_DEVICE) return new SigningProblem('key.missing', '没有插入密钥，或密钥里没有证书。')
  return FAILED
}

async function call(of: Call, ...values: string[]): Promise<unknown> {
  try {
    return await new of(...values)
  } catch (error) {
    throw problemOf(error)
  }
}

async function devicesOf(vendor: Vendor): Promise<string[]> {
  const answer = (await call(vendor.UCCGetPluggedeKey)) as { DevPluggedTypeList?: unknown }
  const list = answer.DevPluggedTypeList
  return (Array.isArray(list) ? list : String(list ?? '').split(',')).map(String).filter(Boolean)
}

const certificateOf = async (vendor: Vendor, device: string) => textOf(await call(vendor.SEH_GetSelfCertificate, device, PORT, '', ...REST, '0'))

async function heldOf(vendor: Vendor, device: string): Promise<Held> {
  const certificate = await certificateOf(vendor, device)
  const detail = async (what: string) => textOf(await call(vendor.SEH_GetCertDetail, certificate, what))
  const [serial, organisation] = [await detail(SERIAL), await detail(ORGANISATION)]
  return { key: device, organisation, uscc: null, serial, validFrom: null, validTo: null, locked: false }
}

function serviceOf(vendor: Vendor): SigningService {
  return {
    name: '上海CA',
    at: '浏览器插件',
    certificates: async () => Promise.all((await devicesOf(vendor)).map((device) => heldOf(vendor, device))),
    async sign(text, key): Promise<Signed> {
      const certificate = await certificateOf(vendor, key)
      return { certificate, signature: textOf(await call(vendor.SEH_SignData, key, PORT, '', ...REST, text, '3', '0')) }
    },
  }
}

/** `page` is the window, on which the vendor's script puts its calls. */
export const sheca = (page: object = window): Adapter => ({
  name: '上海CA',
  async find() {
    const vendor = vendorOf(page)
    return vendor && serviceOf(vendor)
  },
})
