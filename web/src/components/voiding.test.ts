import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Naming } from '../api/types'
import { namedBy, voidingOf, type Voidable } from './voiding'

const asked = vi.hoisted(() => ({ get: vi.fn(), command: vi.fn() }))
vi.mock('../api', () => asked)

const NOTHING: Naming = { visits: 0, signed: 0, contracts: 0, plans: 0 }
const entry = { id: '7', version: 3 }

afterEach(() => vi.resetAllMocks())

describe('what names an entry', () => {
  it.each([
    [{}, ''],
    [{ visits: 3 }, '已有3 次运维写明了它。'],
    [{ visits: 3, signed: 2 }, '已有3 次运维（其中 2 次已签字）写明了它。'],
    [{ contracts: 1, visits: 1 }, '已有1 次运维、1 份履行中的合同写明了它。'],
  ])('is counted: %o', (found, said) => {
    expect(namedBy({ ...NOTHING, ...found })).toContain(said)
  })

  it('tells what becomes of the cycles of a plan', () => {
    expect(namedBy({ ...NOTHING, plans: 1 })).toContain('没有完成的周期改为“已停止”')
    expect(namedBy({ ...NOTHING, contracts: 1 })).not.toContain('计划')
  })
})

describe('the dialog of a voiding', () => {
  it.each<[Voidable, string, object]>([
    ['instrument', '/api/registry/instruments/{instrument_id}/voiding', { instrument_id: '7' }],
    ['monitoring_point', '/api/registry/points/{point_id}/voiding', { point_id: '7' }],
    ['outlet', '/api/registry/outlets/{outlet_id}/voiding', { outlet_id: '7' }],
  ])('asks what names the %s before it is shown, and sends the reason and the version that was seen', async (noun, path, ids) => {
    asked.get.mockResolvedValue({ ...NOTHING, visits: 2, signed: 1 })
    const saying = await voidingOf(noun, entry, '总排口')
    expect(asked.get).toHaveBeenCalledWith('/api/views/naming/{stream}', { path: { stream: `${noun}-7` } })
    expect(saying.warning).toContain('其中 1 次已签字')
    await saying.say('重复登记', [], 'key')
    expect(asked.command).toHaveBeenCalledWith(path, { path: ids, body: { reason: '重复登记' } }, 'key', 3)
  })

  it('says so where that cannot be told', async () => {
    asked.get.mockRejectedValue(new Error('offline'))
    expect((await voidingOf('outlet', entry, '总排口')).warning).toContain('暂时查不到')
  })

  it('warns of nothing where nothing names it', async () => {
    asked.get.mockResolvedValue(NOTHING)
    expect((await voidingOf('outlet', entry, '总排口')).warning).toBe('')
  })
})
