/** For tests: instruments of a register, and sheets that are begun or filled from it. */
import { carryOver, type Form, type Values } from '../../sheets'
import { formNamed, served } from '../../sheets/served'
import type { Task } from '../types'
import { filledFromRegister, type Known } from './register'

export const REGISTER = served()
export const form = formNamed
export type Instrument = Task['instruments'][number]
export const analyser = (factor: string, serial_number: string, more: Partial<Instrument> = {}): Instrument => ({
  id: serial_number, version: 2, kind: factor.startsWith('w') ? 'wastewater_analyser' : 'flue_gas_analyser', factor, model: `型号${factor}`, serial_number, unit: 'mg/L', name: null, method: '光度法', manufacturer: '源测', maker: null, ...more,
})
export const COD = analyser('w01018', 'C1')
export const AMMONIA = analyser('w21003', 'N1')
export const FLOW = analyser('w00000', 'F1')
export const SO2 = analyser('a21026', 'S1', { unit: 'mg/m³' })
export const DUST = analyser('a34013', 'D1', { unit: 'mg/m³' })
export const SAMPLER: Instrument = { ...COD, id: 'P1', kind: 'sampler', factor: null, serial_number: null, unit: null, method: null, model: '采样8', name: '自动采样器' }

export const known = (...instruments: Instrument[]): Known => ({ instruments, point: { name: '污水总测点', medium: 'wastewater' }, operator: '绿测运维', day: '2026-11-24', arrived_at: '2026-11-24T09:05' })
export const begun = (of: Form, last: Values | null, ...instruments: Instrument[]): Values => fill(of, carryOver(of, last), [], instruments, last)
export function fill(of: Form, values: Values, from: Instrument[], to: Instrument[], last: Values | null = null): Values {
  return { ...values, ...filledFromRegister(REGISTER, of, { values, carried: carryOver(of, last), before: known(...from), after: known(...to) }) }
}
export const rows = (values: Values, table: string) => values[table] as Record<string, string>[]
