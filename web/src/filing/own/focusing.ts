import { nextTick } from 'vue'

/** Brings a field of a dialog into view and into focus: the one named, or the first that was refused. */
export async function focusField(dialog: string, field?: string): Promise<void> {
  await nextTick()
  requestAnimationFrame(() => {
    const parts = field ? field.split('.').map((_, at, all) => all.slice(0, all.length - at).join('.')) : []
    const named = parts.map((name) => document.querySelector(`.${dialog} [data-field="${name}"]`)).find(Boolean)
    const found = named ?? document.querySelector(`.${dialog} .el-form-item.is-error`)
    found?.scrollIntoView({ block: 'center' })
    found?.querySelector<HTMLElement>('input, textarea, button')?.focus()
  })
}
