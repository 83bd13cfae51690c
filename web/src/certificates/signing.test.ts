import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Adapter } from './port'
import { sheca } from './sheca'
import { findService, keyOf, rememberKey, signWithCertificate } from './signing'
import { PORTS, token } from './token'

const TEXT = '清源登录\n随机数 x\n'
const SHOWN = { key: 'A1', organisation: '上海绿测环境运维有限公司', uscc: '91310118MA1K2B3C47', serial: 'A1', valid_from: '2026-01-01T00:00:00+00:00', valid_to: '2027-01-01T00:00:00+00:00', locked: false }

interface Plugged { certificates: object[]; refuses?: string }
let plugged: Plugged | null

/** What the service on the machine answers; `null` means that it gives none. */
function answerOf(message: string): object | null {
  const { id, method, key, text } = JSON.parse(message) as Record<string, string>
  if (!plugged) return null
  if (method === 'about') return { id, result: { service: 'qingyuan-token', version: 1 } }
  if (method === 'certificates') return { id, result: { certificates: plugged.certificates } }
  if (plugged.refuses) return { id, error: { code: plugged.refuses, sentence: 'PIN 码不正确，还可以再试 9 次。' } }
  return { id, result: { certificate: `certificate of ${key}`, signature: `signed ${text}` } }
}

const AT = PORTS[1]

class FakeSocket {
  static works: boolean | 'forbidden' = true
  onopen: () => void = () => undefined
  onmessage: (event: { data: string }) => void = () => undefined
  onerror: () => void = () => undefined
  onclose: () => void = () => undefined
  constructor(readonly url: string) {
    if (FakeSocket.works === 'forbidden') throw new DOMException('insecure', 'SecurityError')
    queueMicrotask(() => (FakeSocket.works && url === `ws://127.0.0.1:${AT}/` && plugged ? this.onopen() : this.onerror()))
  }
  send(message: string) { queueMicrotask(() => this.onmessage({ data: JSON.stringify(answerOf(message)) })) }
  close() { this.onclose() }
}

const asked: string[] = []
async function fakeFetch(url: string, init: { body: string }) {
  asked.push(url)
  const answer = url === `http://127.0.0.1:${AT}/` ? answerOf(init.body) : null
  if (!answer) throw new TypeError('refused')
  return { json: () => Promise.resolve(answer) }
}

/** The vendor's script as public code shows its calls: constructors of promises. */
function vendorPage() {
  const call = (answer: (...values: string[]) => unknown) => function (...values: string[]) {
    return Promise.resolve().then(() => answer(...values))
  }
  return {
    UCCGetPluggedeKey: call(() => ({ DevPluggedTypeList: plugged?.certificates.length ? ['A1'] : [] })),
    SEH_GetSelfCertificate: call((device) => ({ cert: `certificate of ${device}` })),
    SEH_GetCertDetail: call((_certificate, what) => ({ 2: SHOWN.serial, 14: SHOWN.organisation })[what ?? '']),
    SEH_SignData: call((_device, _com, pin, ...rest) => {
      expect(pin).toBe('')
      if (plugged?.refuses) throw { LastError: -2113667069 }
      return `signed ${rest[4]}`
    }),
  }
}

beforeEach(() => {
  plugged = { certificates: [SHOWN] }
  FakeSocket.works = true
  asked.length = 0
  vi.stubGlobal('WebSocket', FakeSocket)
  vi.stubGlobal('fetch', fakeFetch)
})
afterEach(() => vi.unstubAllGlobals())

const KINDS: [string, () => Adapter][] = [
  ['token over a socket', () => token],
  ['token over HTTP', () => { FakeSocket.works = false; return token }],
  ['token where sockets are forbidden', () => { FakeSocket.works = 'forbidden'; return token }],
  ['上海CA', () => sheca(vendorPage())],
]

describe.each(KINDS)('the port, spoken by %s', (_name, make) => {
  it('finds the service and shows the certificate of the key', async () => {
    const service = await findService([make()])
    const [held] = await service.certificates()
    expect(held).toMatchObject({ organisation: SHOWN.organisation, serial: SHOWN.serial, locked: false })
  })

  it('signs the text as it is', async () => {
    expect(await signWithCertificate(TEXT, [make()])).toEqual({ certificate: 'certificate of A1', signature: `signed ${TEXT}` })
  })

  it('says that no key is plugged in', async () => {
    plugged = { certificates: [] }
    await expect(signWithCertificate(TEXT, [make()])).rejects.toMatchObject({ code: 'key.missing' })
  })

  it('says that the PIN was wrong', async () => {
    plugged!.refuses = 'pin.wrong'
    await expect(signWithCertificate(TEXT, [make()])).rejects.toMatchObject({ code: 'pin.wrong' })
  })
})

describe('finding a service', () => {
  it('tries the fixed ports of this machine and nothing else', async () => {
    FakeSocket.works = false
    await findService([token])
    expect(new Set(asked)).toEqual(new Set(PORTS.map((port) => `http://127.0.0.1:${port}/`)))
  })

  it('says that there is none, also where only a part of a vendor is on the page', async () => {
    plugged = null
    const { SEH_SignData, ...part } = vendorPage()
    expect(SEH_SignData).toBeDefined()
    await expect(findService([token, sheca({}), sheca(part)])).rejects.toMatchObject({ code: 'service.missing' })
  })
})

describe('the key that signs', () => {
  const held = (key: string, locked = false) => ({ key, organisation: '', uscc: null, serial: key, validFrom: null, validTo: null, locked })

  it('is one that is not locked, and the one that was chosen before', () => {
    expect(keyOf([held('1', true), held('2')]).key).toBe('2')
    rememberKey('3')
    expect(keyOf([held('2'), held('3')]).key).toBe('3')
  })

  it('is missing where there is none', () => {
    expect(() => keyOf([])).toThrow('没有插入密钥')
  })
})
