import { ElMessageBox } from 'element-plus'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createApp, defineComponent, h, reactive, type App } from 'vue'
import { createMemoryHistory, createRouter, RouterView, type Router } from 'vue-router'
import type { Account } from '../api/types'
import { useSession } from '../session'
import { draftsOf, dropDraftsOfOthers } from './drafts'
import { endForms, keepForms, mayLeaveForms, useUnsaved, type Unsaved } from './unsaved'

// The library itself is not what is tested, and takes its time to load.
vi.mock('element-plus', () => ({ ElMessageBox: { confirm: () => Promise.resolve() } }))

const values = reactive({ name: '' })
let unsaved: Unsaved
let router: Router
let app: App
const Page = defineComponent(() => {
  unsaved = useUnsaved(() => values, (draft) => Object.assign(values, draft))
  return () => h('p')
})

async function opened(): Promise<void> {
  values.name = ''
  await unsaved.begin('outlet/7', '修改排口')
}

function asked(action: 'confirm' | 'cancel' | 'close') {
  const answer = () => (action === 'confirm' ? Promise.resolve(action) : Promise.reject(action))
  return vi.spyOn(ElMessageBox, 'confirm').mockImplementation(answer as never)
}

async function closed(): Promise<boolean> {
  const done = vi.fn()
  await unsaved.beforeClose(done)
  return done.mock.calls.length > 0
}

const reloads = () => window.dispatchEvent(new Event('beforeunload', { cancelable: true }))

beforeEach(async () => {
  sessionStorage.clear()
  setActivePinia(createPinia())
  useSession().account = { id: 'zhou' } as Account
  const Other = defineComponent({ render: () => h('p') })
  router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: Page }, { path: '/other', component: Other }] })
  await router.push('/')
  app = createApp(RouterView).use(router)
  app.mount(document.createElement('div'))
  await router.isReady()
  await opened()
})

afterEach(() => {
  app.unmount()
  vi.restoreAllMocks()
  vi.clearAllMocks()
})

describe('a form that nobody has written in', () => {
  it('closes, reloads and is left without a question', async () => {
    const box = asked('close')
    expect([await closed(), reloads(), await mayLeaveForms()]).toEqual([true, true, true])
    await router.push('/other')
    expect([router.currentRoute.value.path, box.mock.calls.length]).toEqual(['/other', 0])
  })

  it('is one in which what was written was taken back, too', async () => {
    const box = asked('close')
    values.name = '总排口'
    values.name = ''
    expect([await closed(), box.mock.calls.length]).toEqual([true, 0])
  })
})

describe('a form with something typed', () => {
  beforeEach(() => void (values.name = '总排口'))

  it('stays unless its writer says that it is given up', async () => {
    for (const action of ['confirm', 'close'] as const) {
      asked(action)
      expect(await closed()).toBe(false)
      await router.push('/other')
      expect([router.currentRoute.value.path, await mayLeaveForms()]).toEqual(['/', false])
    }
    asked('cancel')
    expect([await mayLeaveForms(), await closed()]).toEqual([true, true])
  })

  it('is left when it is given up', async () => {
    asked('cancel')
    await router.push('/other')
    expect(router.currentRoute.value.path).toBe('/other')
  })

  it('is not reloaded without the browser’s question, until it is saved or gone', async () => {
    expect(reloads()).toBe(false)
    unsaved.end()
    expect(reloads()).toBe(true)
    await opened()
    values.name = '总排口'
    asked('cancel')
    await router.push('/other')
    expect(reloads()).toBe(true)
  })

  it('asks once however often it is closed', async () => {
    const box = asked('close')
    await Promise.all([closed(), closed()])
    expect(box).toHaveBeenCalledTimes(1)
  })

  it('is over for everybody after a logout', async () => {
    const box = asked('close')
    endForms()
    await router.push('/other')
    expect([router.currentRoute.value.path, box.mock.calls.length]).toEqual(['/other', 0])
  })
})

describe('the end of a session', () => {
  beforeEach(async () => {
    values.name = '总排口'
    keepForms('zhou')
    await router.push('/other')
    await router.push('/')
  })

  it('asks nobody, and what was typed comes back to the same account', async () => {
    expect(draftsOf('zhou')).toEqual(['修改排口'])
    asked('confirm')
    await opened()
    expect([values.name, reloads()]).toEqual(['总排口', false])
    unsaved.end()
    expect(draftsOf('zhou')).toEqual([])
  })

  it('offers it again to whoever has not decided, and not to whoever has refused it', async () => {
    asked('close')
    await opened()
    expect([values.name, draftsOf('zhou').length]).toEqual(['', 1])
    asked('cancel')
    await opened()
    expect([values.name, draftsOf('zhou').length]).toEqual(['', 0])
  })

  it('shows it to no other account', async () => {
    const box = asked('confirm')
    useSession().account = { id: 'li' } as Account
    dropDraftsOfOthers('li')
    await opened()
    expect([values.name, box.mock.calls.length, draftsOf('zhou').length]).toEqual(['', 0, 0])
  })

  it('keeps nothing where nothing was typed', async () => {
    dropDraftsOfOthers(null)
    await opened()
    keepForms('zhou')
    expect(draftsOf('zhou')).toEqual([])
  })
})
