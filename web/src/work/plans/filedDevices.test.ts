import { describe, expect, it, vi } from 'vitest'
import { chosenDevice, filedDevices } from './filedDevices'

const device = (serial: string, state: string, filed = true) => {
  const particulars = { kind: 'device', name: '烟气仪', model: 'GA-21', serial_number: serial }
  return { id: serial, state, particulars, filed: filed ? particulars : null }
}
const rows = vi.hoisted(() => ({ now: [] as unknown[] }))
vi.mock('../../api/work', () => ({ filedResources: () => Promise.resolve(rows.now) }))

describe('the devices of the filing', () => {
  it('are those that are filed and still there, also while a change of them waits', async () => {
    rows.now = [device('A', 'filed'), device('B', 'changed'), device('C', 'ended'), device('D', 'draft', false)]
    expect(await filedDevices('operator')).toEqual([{ name: '烟气仪 GA-21', serial_number: 'A' }, { name: '烟气仪 GA-21', serial_number: 'B' }])
  })

  it('are none without an organisation', async () => {
    expect(await filedDevices(null)).toEqual([])
  })

  it('are sent without a date', () => {
    expect(chosenDevice({ name: '烟气仪 GA-21', serial_number: 'A' })).toEqual({ name: '烟气仪 GA-21', serial_number: 'A', calibrated_to: null })
  })
})
