import type { RouteRecordRaw } from 'vue-router'

/** The pages on which accounts are managed: those of the own organisation, and those of the platform. */
export const accounts: RouteRecordRaw[] = [
  { path: 'organisation/accounts', name: 'own-accounts', component: () => import('./OwnAccountsPage.vue'), meta: { title: '单位账户', who: ['operator', 'enterprise'], roles: ['manager'] } },
  { path: 'platform/accounts', name: 'platform-accounts', component: () => import('./PlatformPage.vue'), meta: { title: '单位与账户', who: ['administrator'], roles: ['system'] } },
]

/** Reached without an account. */
export const openAccounts: RouteRecordRaw[] = [
  { path: '/invitation', name: 'invitation', component: () => import('./AcceptancePage.vue'), meta: { open: true, title: '接受邀请' } },
]
