import type { RouteRecordRaw } from 'vue-router'
import type { Kind } from '../api/types'

const ADMINISTRATOR: readonly Kind[] = ['administrator']
const WITH_FAILURES: readonly Kind[] = ['administrator', 'enterprise', 'operator']

/** What one is told, and how it is sent. */
export const messages: RouteRecordRaw[] = [
  { path: 'messages', name: 'messages', component: () => import('./MessagesPage.vue'), meta: { title: '消息' } },
  { path: 'messages/texts', name: 'message-texts', component: () => import('./TextsPage.vue'), meta: { title: '消息文字', who: ADMINISTRATOR } },
  { path: 'messages/failures', name: 'message-failures', component: () => import('./FailuresPage.vue'), meta: { title: '发送失败', who: WITH_FAILURES } },
]
