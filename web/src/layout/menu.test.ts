import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import type { Account } from '../api/types'
import { useSession } from '../session'
import MainLayout from './MainLayout.vue'

vi.mock('./PasswordDialog.vue', () => ({ default: { render: () => null } }))
vi.mock('../idle/IdleWarning.vue', () => ({ default: { render: () => null } }))
vi.mock('../help/HelpLink.vue', () => ({ default: { render: () => null } }))
vi.mock('../messages/MessageBell.vue', () => ({ default: { render: () => null } }))
vi.mock('element-plus/es', async () => {
  const { defineComponent, h } = await import('vue')
  const block = defineComponent({ setup: (_, { slots }) => () => h('div', slots.default?.()) })
  const drawer = defineComponent({ props: ['modelValue'], setup: (props, { slots }) => () => (props.modelValue ? h('div', { role: 'dialog' }, slots.default?.()) : null) })
  return { ElDrawer: drawer, ElDropdown: block, ElDropdownMenu: block, ElDropdownItem: block, ElIcon: block }
})

it('the menu of a narrow window opens with a button, holds what the account may see, and closes when a page is chosen', async () => {
  setActivePinia(createPinia())
  useSession().$patch({ account: { id: '1', kind: 'enterprise', label: '清泉化工 · 王经理' } as Account })
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:any(.*)*', component: { render: () => null } }] })
  await router.push('/today')
  const page = mount(MainLayout, { global: { plugins: [router] } })
  expect(page.find('[role=dialog]').exists()).toBe(false)
  await page.get('button[aria-label="打开主菜单"]').trigger('click')
  const links = page.findAll('[role=dialog] nav a')
  expect(links.map((link) => link.attributes('href'))).toEqual(['/today', '/visits', '/confirmations', '/reports', '/exemptions', '/contracts', '/enterprises', '/instruments', '/changes'])
  expect(links[0]?.attributes('aria-current')).toBe('page')
  await links[1]?.trigger('click')
  await flushPromises()
  expect([router.currentRoute.value.path, page.find('[role=dialog]').exists()]).toEqual(['/visits', false])
})
