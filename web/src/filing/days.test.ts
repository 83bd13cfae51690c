import { flushPromises, mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'
import { pastText, useDays } from './days'

let used: ReturnType<typeof useDays>
async function at(address: string) {
  const Page = { setup: () => ((used = useDays()), () => null) }
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/filing', name: 'filing', component: Page }] })
  await router.push(address)
  mount(RouterView, { global: { plugins: [router] } })
  return router
}

it('keeps what else stands in the address, but for the page of a list', async () => {
  const router = await at('/filing?state=filed&page=3')
  expect(used.isPast.value).toBe(false)
  used.asOf.value = '2026-03-01'
  await flushPromises()
  expect(router.currentRoute.value.query).toEqual({ state: 'filed', as_of: '2026-03-01' })
  expect([used.isPast.value, used.query.value]).toEqual([true, { as_of: '2026-03-01' }])
})

it('leaves both days at once', async () => {
  const router = await at('/filing?as_of=2026-03-01&as_known=2026-04-01')
  used.asOf.value = used.asKnown.value = null
  await flushPromises()
  expect([router.currentRoute.value.query, used.isPast.value]).toEqual([{}, false])
})

it('follows a link to another day', async () => {
  const router = await at('/filing')
  await router.push('/filing?as_known=2026-04-01')
  await flushPromises()
  expect(used.days).toEqual({ as_of: '', as_known: '2026-04-01' })
})

it('says which day it is and what was known', () => {
  expect(pastText({ as_of: '2026-03-01', as_known: '' })).toBe('以下是 2026-03-01 的备案，包括后来才记录的更正和撤销。只能查看，不能办理。')
  expect(pastText({ as_of: '', as_known: '2026-04-01' })).toContain('以下是今天的备案，只算到 2026-04-01 为止已记录的内容')
})
