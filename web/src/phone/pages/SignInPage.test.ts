import 'fake-indexeddb/auto'
import { flushPromises, mount } from '@vue/test-utils'
import { showConfirmDialog } from 'vant'
import { afterEach, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import type { Account } from '../../api/types'
import { newUuid } from '../../api/key'
import { db, me } from '../account'
import { visiting } from '../testing'
import SignInPage from './SignInPage.vue'

vi.mock('vant', async (whole) => ({ ...(await whole<object>()), showConfirmDialog: vi.fn() }))
const asked = vi.mocked(showConfirmDialog)

/** The sign-in page with the phone at this latitude; the point lies at 31.15. */
async function page(latitude: number) {
  me.account = { id: newUuid(), kind: 'operator' } as Account
  await db().keep('forms', { forms: [], contents: [], settings: { fence_radius_m: '200' } })
  const found = { coords: { longitude: 121.1, latitude, accuracy: 10 }, timestamp: 0 }
  vi.stubGlobal('navigator', { geolocation: { getCurrentPosition: (take: (at: typeof found) => void) => take(found) } })
  const visit = await visiting(db())
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:all(.*)*', component: { template: '<i />' } }] })
  const wrapper = mount(SignInPage, { props: { visit: visit.id }, global: { plugins: [router] } })
  await vi.waitFor(() => expect(wrapper.text()).toContain('围栏半径 200 米'))
  const signedIn = async () => !!(await db().visits.get(visit.id))?.sign_in
  return { wrapper, signedIn, signIn: () => wrapper.find('footer button').trigger('click').then(flushPromises) }
}

afterEach(() => { vi.unstubAllGlobals(); asked.mockReset() })

it('far from the point it says distance and radius, and asks before the sign-in is made', async () => {
  asked.mockRejectedValue(new Error('cancelled'))
  const { wrapper, signedIn, signIn } = await page(31.153)
  expect(wrapper.text()).toContain('距测点 330 米')
  expect(wrapper.text()).toContain('超出围栏')
  await signIn()
  expect(asked).toHaveBeenCalledWith(expect.objectContaining({ message: expect.stringContaining('您距测点 330 米，围栏半径 200 米') }))
  expect(await signedIn()).toBe(false)
})

it('far and meant, it signs in', async () => {
  asked.mockResolvedValue(undefined as never)
  const { signedIn, signIn } = await page(31.153)
  await signIn()
  await vi.waitFor(async () => expect(await signedIn()).toBe(true))
})

it('offers people to come along, and no account that bears the name of the organisation', async () => {
  const { wrapper } = await page(31.151)
  me.account = { ...me.account!, organisation_name: '上海绿测环境运维有限公司' }
  await db().keep('colleagues', [{ id: 'c', label: '上海绿测环境运维有限公司（演示）' }, { id: 'w', label: '王巡检（绿测）' }])
  await vi.waitFor(() => expect(wrapper.findAll('.people button').map((button) => button.text())).toEqual(['王巡检（绿测）']))
})

it('near the point it does not ask', async () => {
  const { signedIn, signIn } = await page(31.151)
  await signIn()
  await vi.waitFor(async () => expect(await signedIn()).toBe(true))
  expect(asked).not.toHaveBeenCalled()
})
