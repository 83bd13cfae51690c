import { mount } from '@vue/test-utils'
import { showConfirmDialog } from 'vant'
import { nextTick } from 'vue'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { fieldsOf, type Form } from '../../sheets'
import SheetTable from './SheetTable.vue'

vi.mock('vant', async (whole) => ({ ...(await whole<object>()), showConfirmDialog: vi.fn() }))

const text = { type: 'string', maxLength: 20 }
const FORM = { computed: [], layout: [], schema: { $defs: {}, required: [], properties: { rows: { type: 'array', items: { type: 'object', required: [], properties: { what: text } } } } } } as unknown as Form

/** As a sheet's page does it: what the table says comes back with the next update. */
function table(rows: Record<string, string>[]) {
  const wrapper = mount(SheetTable, {
    attachTo: document.body,
    props: {
      form: FORM, views: fieldsOf(FORM), part: { table: 'rows', title: 'Rows', columns: ['what'] }, checked: { problems: [], computed: {}, findings: [] }, insist: false,
      modelValue: rows, 'onUpdate:modelValue': (modelValue: Record<string, string>[]) => void wrapper.setProps({ modelValue }),
    },
  })
  return wrapper
}
const settle = async (): Promise<void> => { for (let turn = 0; turn < 5; turn++) await nextTick() }
const opened = (wrapper: ReturnType<typeof table>): string[] => wrapper.findAll('.head').map((one) => one.attributes('aria-expanded') ?? '')

beforeEach(() => { vi.mocked(showConfirmDialog).mockReset(); document.body.innerHTML = '' })

describe('a row of a table', () => {
  it('opens when it is added, is scrolled to and has the focus', async () => {
    const scrolled = vi.spyOn(Element.prototype, 'scrollIntoView').mockImplementation(() => {})
    const wrapper = table([{ what: 'pump' }, { what: 'lamp' }])
    await wrapper.find('.add').trigger('click')
    await settle()
    expect(opened(wrapper)).toEqual(['false', 'false', 'true'])
    const line = wrapper.findAll('section')[2]?.element
    expect(scrolled.mock.instances).toEqual([line])
    expect(line?.contains(document.activeElement)).toBe(true)
  })

  it('is kept when deleting it is not confirmed', async () => {
    vi.mocked(showConfirmDialog).mockRejectedValueOnce('cancel')
    const wrapper = table([{ what: 'pump' }])
    await wrapper.find('.remove').trigger('click')
    await settle()
    expect(showConfirmDialog).toHaveBeenCalledOnce()
    expect(wrapper.findAll('section')).toHaveLength(1)
  })

  it('goes without asking when nothing is written in it', async () => {
    const wrapper = table([{ what: '' }])
    await wrapper.find('.remove').trigger('click')
    await settle()
    expect(showConfirmDialog).not.toHaveBeenCalled()
    expect(wrapper.findAll('section')).toHaveLength(0)
  })

  it('starts with what the visit knows, and goes without asking when that is all', async () => {
    const wrapper = table([])
    await wrapper.setProps({ start: { what: '2026-11-24' } })
    await wrapper.find('.add').trigger('click')
    await settle()
    expect(wrapper.props('modelValue')).toEqual([{ what: '2026-11-24' }])
    await wrapper.find('.remove').trigger('click')
    await settle()
    expect(showConfirmDialog).not.toHaveBeenCalled()
    expect(wrapper.props('modelValue')).toEqual([])
  })
})
