/** Stand-ins for the library with the few properties that count in tests: it takes its time to load and is not what is tested. */
import { defineComponent, h } from 'vue'
import { vi } from 'vitest'

const block = defineComponent({ setup: (_, { slots }) => () => h('div', [slots.default?.(), slots.footer?.(), slots.first?.()]) })
const field = defineComponent({
  props: ['modelValue'], emits: ['update:modelValue'],
  setup: (props, { emit }) => () => h('input', { value: props.modelValue, onInput: (event: Event) => emit('update:modelValue', (event.target as HTMLInputElement).value) }),
})

export const ElMessage = vi.fn()
export const ElMessageBox = { confirm: vi.fn(() => Promise.resolve()), prompt: vi.fn(() => Promise.resolve({ value: '' })) }
export const ElDialog = defineComponent({ props: ['modelValue', 'beforeClose', 'title'], setup: (props, { slots }) => () => (props.modelValue ? h('div', { role: 'dialog', title: props.title }, [slots.default?.(), slots.footer?.()]) : null) })
export const ElDrawer = defineComponent({ props: ['modelValue', 'title'], setup: (props, { slots }) => () => (props.modelValue ? h('aside', { title: props.title }, slots.default?.()) : null) })
export const ElFormItem = defineComponent({ props: ['error', 'label'], setup: (props, { slots }) => () => h('div', { class: { 'is-error': props.error } }, [slots.default?.(), props.error ? h('em', props.error) : null]) })
export const ElButton = defineComponent({ props: ['disabled', 'loading'], setup: (props, { slots }) => () => h('button', { type: 'button', disabled: props.disabled }, slots.default?.()) })
export const ElAlert = defineComponent({ props: ['title'], setup: (props, { slots }) => () => h('div', { role: 'alert' }, [h('b', props.title), slots.default?.()]) })
export const ElEmpty = defineComponent({ props: ['description'], setup: (props, { slots }) => () => h('div', [h('p', props.description), slots.default?.()]) })
export const ElResult = defineComponent({ props: ['title', 'subTitle'], setup: (props, { slots }) => () => h('div', [h('p', props.title), slots.extra?.()]) })
export const ElCheckboxGroup = defineComponent({ props: ['modelValue'], emits: ['update:modelValue'], setup: (_, { slots }) => () => h('div', slots.default?.()) })
export const ElTableColumn = defineComponent({ setup: () => () => null })
/** Each column draws its own cell of every row. */
export const ElTable = defineComponent({
  props: ['data'],
  setup: (props, { slots }) => () => h('table', (props.data as object[]).map((row) => h('tr', (slots.default?.() ?? []).flatMap(columns).map((column) => h('td', column.children?.default?.({ row })))))),
})
type Column = { children?: { default?: (given: { row: object }) => ReturnType<typeof h>[] }; type: unknown }
const columns = (node: unknown): Column[] => {
  const found = node as Column & { children?: unknown }
  return Array.isArray(found.children) ? (found.children as unknown[]).flatMap(columns) : [found]
}
export { block as ElIcon, block as ElForm, block as ElCheckbox, block as ElDescriptions, block as ElDescriptionsItem, block as ElTimeline, block as ElTimelineItem, block as ElSteps, block as ElStep, block as ElSkeleton, block as ElPagination, block as ElTag, block as ElPopover, block as ElRadio, block as ElRadioGroup, block as ElRadioButton }
export { field as ElInput, field as ElDatePicker, field as ElSelect, block as ElOption }
export const ElLoadingDirective = {}
