import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { computed } from 'vue'
import type { Form } from '../../sheets'
import type { FieldView } from '../../sheets'
import type { Task } from '../types'
import InstrumentPicker from './InstrumentPicker.vue'
import SheetField from './SheetField.vue'
import { TAKEN } from './taken'

const view: FieldView = { name: 'place', title: '安装地点', kind: 'text', required: false, unit: '', choices: [], length: 100, confidence: null }
const field = (path: string, taken?: string[]) =>
  mount(SheetField, { props: { modelValue: '总测点', view, path }, global: { stubs: { 'van-field': true }, provide: taken ? { [TAKEN as symbol]: computed(() => new Set(taken)) } : {} } })

describe('a field that stands as the register has it', () => {
  it('says so, and another does not', () => {
    expect(field('place', ['place']).text()).toContain('取自登记')
    expect(field('maker', ['place']).text()).not.toContain('取自登记')
    expect(field('place').text()).not.toContain('取自登记')
  })
})

const instrument = (id: string, factor: string): Task['instruments'][number] =>
  ({ id, version: 1, kind: 'wastewater_analyser', factor, model: `型号${id}`, serial_number: `号${id}`, unit: null, name: null, method: null, manufacturer: null, maker: null })
const sources = { factors: { w01018: { choice: 'COD', instrument: 'COD分析仪' } }, forms: {} }
const picker = (instruments: Form['instruments'], chosen: string[]) =>
  mount(InstrumentPicker, { props: { modelValue: chosen, form: { form: 'f', instruments } as Form, all: [instrument('1', 'w01018'), instrument('2', 'w99001')], sources } })

describe('the list of instruments', () => {
  it('shows what each measures, its model and its serial number', () => {
    expect(picker('many', []).findAll('.pick').map((one) => one.text())).toEqual(['COD分析仪型号1编号 号1', 'w99001型号2编号 号2'])
  })

  it('takes one or several, and a second press takes a choice back', async () => {
    const press = async (instruments: Form['instruments'], chosen: string[], at: number) => {
      const all = picker(instruments, chosen)
      await all.findAll('.pick')[at]!.trigger('click')
      return all.emitted('update:modelValue')!.at(-1)![0]
    }
    expect(await press('one', ['1'], 1)).toEqual(['2'])
    expect(await press('many', ['1'], 1)).toEqual(['1', '2'])
    expect(await press('many', ['1', '2'], 0)).toEqual(['2'])
  })

  it('can be chosen whole where a sheet is about several', async () => {
    const all = picker('many', ['2'])
    await all.get('.plain').trigger('click')
    expect(all.emitted('update:modelValue')!.at(-1)![0]).toEqual(['1', '2'])
    expect(picker('one', []).find('.plain').exists()).toBe(false)
    expect(picker('many', ['1', '2']).find('.plain').exists()).toBe(false)
  })
})
