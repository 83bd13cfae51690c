import type { RouteRecordRaw } from 'vue-router'
import type { Kind } from '../api/types'

const OFFICE: readonly Kind[] = ['administrator']

/** Reached without an account. */
export const openCertificates: RouteRecordRaw[] = [
  { path: '/login/certificate', name: 'certificate-check', component: () => import('./DiagnosePage.vue'), meta: { open: true, title: '检查证书环境' } },
  { path: '/login/lost-key', name: 'lost-key', component: () => import('./LostKeyPage.vue'), meta: { open: true, title: '证书丢失' } },
]

export const certificates: RouteRecordRaw[] = [
  { path: 'lost-keys', name: 'lost-keys', component: () => import('./LostKeysPage.vue'), meta: { title: '证书丢失申请', who: OFFICE, roles: ['system', 'security'] } },
]
