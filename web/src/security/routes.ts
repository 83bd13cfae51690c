import type { RouteRecordRaw } from 'vue-router'

const AUDIT = ['audit'] as const
const SECURITY = ['security'] as const

/** The pages of administrators who watch over the others and see no business data. */
export const watching: RouteRecordRaw[] = [
  { path: 'security-log', name: 'security-log', component: () => import('./SecurityLogPage.vue'), meta: { title: '安全日志', roles: AUDIT } },
  { path: 'security/locks', name: 'locks', component: () => import('./LocksPage.vue'), meta: { title: '锁定与会话', roles: SECURITY } },
  { path: 'security/demands', name: 'certificate-demands', component: () => import('./DemandsPage.vue'), meta: { title: '证书登录要求', roles: SECURITY } },
  { path: 'security/policy', name: 'security-policy', component: () => import('./PolicyPage.vue'), meta: { title: '安全策略', roles: SECURITY } },
  { path: 'security/roots', name: 'certificate-roots', component: () => import('./RootsPage.vue'), meta: { title: '证书信任', roles: SECURITY } },
]
