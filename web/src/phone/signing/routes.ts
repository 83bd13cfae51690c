import type { RouteRecordRaw } from 'vue-router'

const page = (name: keyof typeof import('./enterprise')) => async () => (await import('./enterprise'))[name]

export const SIGNING: RouteRecordRaw[] = [
  { path: '/confirmations', name: 'due', component: page('DuePage'), meta: { title: '待签字', of: 'enterprise' } },
  { path: '/confirmations/:id', name: 'confirmation', component: page('ConfirmationPage'), props: true, meta: { title: '运维确认', of: 'enterprise' } },
  { path: '/records', name: 'records', component: page('RecordsPage'), meta: { title: '确认记录', of: 'enterprise' } },
  { path: '/asked', name: 'asked', component: page('AskedPage'), meta: { title: '待确认合同', of: 'enterprise' } },
]
