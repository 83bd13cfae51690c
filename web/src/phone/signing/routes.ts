import type { RouteRecordRaw } from 'vue-router'
import ConfirmationPage from './ConfirmationPage.vue'
import DuePage from './DuePage.vue'
import RecordsPage from './RecordsPage.vue'

export const SIGNING: RouteRecordRaw[] = [
  { path: '/confirmations', name: 'due', component: DuePage, meta: { title: '待签字', of: 'enterprise' } },
  { path: '/confirmations/:id', name: 'confirmation', component: ConfirmationPage, props: true, meta: { title: '运维确认', of: 'enterprise' } },
  { path: '/records', name: 'records', component: RecordsPage, meta: { title: '确认记录', of: 'enterprise' } },
]
