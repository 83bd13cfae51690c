import type { RouteRecordRaw } from 'vue-router'

/** Where WeChat leads back to, with or without a session. */
export const wechat: RouteRecordRaw[] = [
  { path: '/wechat/back', name: 'wechat-back', component: () => import('./BackPage.vue'), meta: { open: true, title: '微信' } },
]
