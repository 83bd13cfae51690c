import { ElMessageBox } from 'element-plus'
import { onScopeDispose } from 'vue'
import { onBeforeRouteLeave } from 'vue-router'
import { useSession } from '../session'
import { draftOf, dropDraft, keepDraft } from './drafts'

interface Form {
  changed: () => boolean
  keep: (account: string) => void
  end: () => void
}

/** What a form tells about itself: that it begins, that it is over, and that somebody wants to close it. */
export interface Unsaved {
  begin: (form: string, title: string) => Promise<void>
  end: () => void
  beforeClose: (done: () => void) => Promise<void>
}

const forms = new Set<Form>()
let asking: Promise<boolean> | null = null

/** Whoever only closes the question goes on writing. A question that already stands is not asked again. */
function mayDiscard(): Promise<boolean> {
  const words = { confirmButtonText: '继续填写', cancelButtonText: '放弃', distinguishCancelAndClose: true, closeOnClickModal: false, type: 'warning' } as const
  asking ??= ElMessageBox.confirm('您填写的内容还没有保存。', '尚未保存', words)
    .then(() => false, (action: unknown) => action === 'cancel')
    .finally(() => (asking = null))
  return asking
}

async function wantsBack(): Promise<boolean | null> {
  const words = { confirmButtonText: '恢复', cancelButtonText: '不恢复', distinguishCancelAndClose: true, closeOnClickModal: false, type: 'info' } as const
  const asked = ElMessageBox.confirm('上次登录过期时，您在这里填写的内容还没有保存。', '恢复填写的内容', words)
  return asked.then(() => true, (action: unknown) => (action === 'cancel' ? false : null))
}

/** Before a step that leaves every form, such as logging out. */
export async function mayLeaveForms(): Promise<boolean> {
  return [...forms].some((form) => form.changed()) ? mayDiscard() : true
}

export function endForms(): void {
  for (const form of forms) form.end()
}

/** The session has ended: there is nobody to ask, so what was typed is kept for the same account. */
export function keepForms(account: string): void {
  for (const form of forms) if (form.changed()) form.keep(account)
}

/** Before what was typed is lost, by closing, leaving or reloading, the person is asked. `restore` puts a kept draft back. */
export function useUnsaved<T>(typed: () => T, restore: (draft: T) => void): Unsaved {
  const session = useSession()
  let current: { form: string; title: string; start: string } | null = null
  const changed = () => current !== null && JSON.stringify(typed()) !== current.start
  const drop = () => current && session.account && dropDraft(session.account.id, current.form)

  function end(): void {
    drop()
    current = null
  }

  function keep(account: string): void {
    if (current) keepDraft(account, current.form, { title: current.title, typed: typed() })
    current = null
  }

  async function begin(form: string, title: string): Promise<void> {
    const mine = (current = { form, title, start: JSON.stringify(typed()) })
    const draft = session.account && draftOf(session.account.id, form)
    const back = draft ? await wantsBack() : null
    if (current !== mine) return
    if (draft && back) restore(draft.typed as T)
    else if (back === false) drop()
  }

  async function beforeClose(done: () => void): Promise<void> {
    if (changed() && !(await mayDiscard())) return
    end()
    done()
  }

  onBeforeRouteLeave(async () => {
    if (!changed()) return true
    const leaves = await mayDiscard()
    if (leaves) drop()
    return leaves
  })
  watchUnload(changed)
  watchForm({ changed, keep, end })
  return { begin, end, beforeClose }
}

function watchForm(form: Form): void {
  forms.add(form)
  onScopeDispose(() => forms.delete(form))
}

/** The browser asks in its own words before the page is reloaded or closed. */
function watchUnload(changed: () => boolean): void {
  const hear = (event: BeforeUnloadEvent) => {
    if (changed()) event.preventDefault()
  }
  window.addEventListener('beforeunload', hear)
  onScopeDispose(() => window.removeEventListener('beforeunload', hear))
}
