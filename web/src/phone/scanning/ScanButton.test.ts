import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ScanFailed } from '../../wechat/scan'
import ScanButton from './ScanButton.vue'

const scanned = vi.hoisted(() => ({ inWeChat: false, scan: vi.fn() }))
vi.mock('../../wechat/sdk', () => ({ wechat: async () => (scanned.inWeChat ? {} : null) }))
vi.mock('../../wechat/scan', async (original) => ({ ...(await original<object>()), wechatScan: scanned.scan }))

const ITEMS = [
  { key: 'a', name: '便携式流量计', serial_number: 'LL2001' },
  { key: 'b', name: '手持气象仪', serial_number: 'LL2001' },
  { key: 'c', name: '标准气体稀释仪', serial_number: 'XS3001' },
]
const stopped = vi.fn()

/** A camera in whose second picture the codes are. */
function camera(codes: string[], { formats = ['qr_code'], allowed = true } = {}): void {
  let pictures = 0
  vi.stubGlobal('BarcodeDetector', class {
    static getSupportedFormats = async () => formats
    detect = async () => (++pictures < 2 ? [] : codes.map((rawValue) => ({ rawValue })))
  })
  const getUserMedia = async () => { if (!allowed) throw new Error('NotAllowedError'); return { getTracks: () => [{ stop: stopped }] } }
  vi.stubGlobal('navigator', { userAgent: '', mediaDevices: { getUserMedia } })
  vi.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue()
  vi.spyOn(HTMLMediaElement.prototype, 'srcObject', 'set').mockImplementation(() => {})
}

function wechat(code: () => Promise<string | null>): void {
  scanned.inWeChat = true
  scanned.scan.mockImplementation(code)
}

async function shown(items = ITEMS) {
  const wrapper = mount(ScanButton, { props: { what: '设备', items } })
  await flushPromises()
  const press = async () => { await wrapper.get('button').trigger('click'); await flushPromises() }
  return { wrapper, press, said: () => wrapper.find('[role=status]').text(), chosen: () => wrapper.emitted('choose')?.flat() ?? [] }
}

beforeEach(() => { scanned.inWeChat = false; scanned.scan.mockReset(); stopped.mockReset() })
afterEach(() => { vi.unstubAllGlobals(); vi.restoreAllMocks() })

it('is not there where the phone cannot scan', async () => {
  expect((await shown()).wrapper.find('button').exists()).toBe(false)
  camera([], { formats: [] })
  expect((await shown()).wrapper.find('button').exists()).toBe(false)
})

it('is not there where nothing has a number', async () => {
  wechat(async () => null)
  expect((await shown()).wrapper.find('button').exists()).toBe(true)
  expect((await shown([{ ...ITEMS[0]!, serial_number: null! }])).wrapper.find('button').exists()).toBe(false)
})

it('WeChat’s code chooses and says which', async () => {
  wechat(async () => 'XS3001')
  const { press, said, chosen } = await shown()
  await press()
  expect(chosen()).toEqual(['c'])
  expect(said()).toBe('已选“标准气体稀释仪”，编号 XS3001。')
})

it('of two that match a person chooses', async () => {
  wechat(async () => 'LL2001')
  const { wrapper, press, said, chosen } = await shown()
  await press()
  expect(chosen()).toEqual([])
  expect(said()).toBe('扫到“LL2001”，相符的设备有 2 台，请选择：')
  await wrapper.findAll('button').find((button) => button.text().includes('手持气象仪'))!.trigger('click')
  expect(chosen()).toEqual(['b'])
  expect(wrapper.findAll('button')).toHaveLength(1)
})

it('what matches nothing is told with what was scanned', async () => {
  wechat(async () => 'ZZ9')
  const { press, said, chosen } = await shown()
  await press()
  expect(said()).toBe('扫到“ZZ9”，可选的设备中没有这个编号。请核对铭牌，或直接点选。')
  expect(chosen()).toEqual([])
})

it('going back from WeChat’s scanner says nothing, its refusal does', async () => {
  wechat(async () => null)
  const { wrapper, press, said } = await shown()
  await press()
  expect(wrapper.find('[role=status]').exists()).toBe(false)
  wechat(() => Promise.reject(new ScanFailed('暂时用不了')))
  await press()
  expect(said()).toBe('暂时用不了')
})

it('outside WeChat the camera looks until there is a code, and is let go', async () => {
  camera(['https://maker.example', 'XS3001'])
  const { wrapper, press, chosen } = await shown()
  await press()
  await vi.waitFor(() => expect(chosen()).toEqual(['c']))
  await flushPromises()
  expect(wrapper.find('[role=dialog]').exists()).toBe(false)
  expect(stopped).toHaveBeenCalledOnce()
})

it('取消 lets the camera go and chooses nothing', async () => {
  camera([])
  const { wrapper, press, chosen } = await shown()
  await press()
  await wrapper.get('[role=dialog] button').trigger('click')
  expect(wrapper.find('[role=dialog]').exists()).toBe(false)
  expect(stopped).toHaveBeenCalledOnce()
  expect(chosen()).toEqual([])
})

it('a camera that is not allowed is told', async () => {
  camera([], { allowed: false })
  const { wrapper, press, said } = await shown()
  await press()
  expect(said()).toContain('打不开相机')
  expect(wrapper.find('[role=dialog]').exists()).toBe(false)
})
