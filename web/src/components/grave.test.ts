import { flushPromises, mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { expect, it } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import EndDialog from './EndDialog.vue'

const SOURCES = import.meta.glob<string>(['../**/*.vue', '../**/*.ts', '!../**/*.test.ts', '!../phone/**'], { query: '?raw', import: 'default', eager: true })
const ENDS = '停用|关闭污染源|永久删除|作废|终止|撤回|拒绝|不同意|停止|注销|撤销|锁定'
const CONFIRM = new RegExp(`<el-button type="primary"[^>]*@click="(?:save|send)"[^>]*>[^<]*(?:${ENDS}|退回)`)
/** What a dialog of ending or of a word is given: its title up to the closing brace. */
const GIVEN = /(?:show\(|return )\{\n?\s*title: [\s\S]*?\n\s*\}/g

const green = (source: string): boolean => CONFIRM.test(source)
const unsaid = (source: string): string[] => [...source.matchAll(GIVEN)].map(([given]) => given).filter((given) => new RegExp(`title: [^\\n]*(?:${ENDS})`).test(given) && !/\bgrave\b/.test(given))

it('finds a green button that ends something, and a dialog that is not told that it does', () => {
  expect(green('<el-button type="primary" :loading="busy" @click="save">撤回</el-button>')).toBe(true)
  expect(green('<el-button type="danger" :loading="busy" @click="save">撤回</el-button>')).toBe(false)
  expect(unsaid("ending.value?.show({\n    title: `停用测点`, textKey: 'reason',\n  })")).toHaveLength(1)
  expect(unsaid("ending.value?.show({\n    title: `停用测点`, textKey: 'reason', grave: true,\n  })")).toEqual([])
})

it('a button that ends, voids or takes back something is red in every dialog', () => {
  const given = Object.values(SOURCES).flatMap((source) => [...source.matchAll(GIVEN)])
  expect(given.length).toBeGreaterThan(6)
  for (const [path, source] of Object.entries(SOURCES)) expect([path, green(source), unsaid(source)]).toEqual([path, false, []])
})

it('one dialog is red for an end and green for a change', async () => {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: EndDialog }] })
  const ElButton = { props: ['type'], template: '<button :data-type="type"><slot /></button>' }
  const stubs = { ElDialog: { props: ['modelValue'], template: '<div v-if="modelValue"><slot /><slot name="footer" /></div>' }, ElButton, ElForm: true, OrganisationInput: true }
  const dialog = mount(EndDialog, { global: { plugins: [createPinia(), router], stubs } })
  const colour = async (grave: boolean) => {
    dialog.vm.show({ title: '停用仪器', path: '/x', version: 1, textKey: 'reason', textLabel: '原因', grave })
    await flushPromises()
    return dialog.findAll('button').at(-1)?.attributes('data-type')
  }
  expect([await colour(true), await colour(false)]).toEqual(['danger', 'primary'])
})
