import { createRouter, createWebHashHistory } from 'vue-router'
import { me } from './account'
import AskedPage from './pages/AskedPage.vue'
import LoginPage from './pages/LoginPage.vue'
import MePage from './pages/MePage.vue'
import MinePage from './pages/MinePage.vue'
import OutboxPage from './pages/OutboxPage.vue'
import PointPage from './pages/PointPage.vue'
import ReportPage from './pages/ReportPage.vue'
import SeenPage from './pages/SeenPage.vue'
import ConflictPage from './pages/ConflictPage.vue'
import SheetPage from './pages/SheetPage.vue'
import SignInPage from './pages/SignInPage.vue'
import SignOutPage from './pages/SignOutPage.vue'
import TodayPage from './pages/TodayPage.vue'
import VisitPage from './pages/VisitPage.vue'
import MessagesPage from './messages/MessagesPage.vue'
import { SIGNING } from './signing/routes'

// One piece, nothing loaded later: a page that is first opened without a network must already be here.
export const router = createRouter({
  history: createWebHashHistory('/m/'),
  routes: [
    { path: '/login', name: 'login', component: LoginPage, meta: { open: true, title: '登录' } },
    { path: '/', name: 'today', component: TodayPage, meta: { title: '今日任务' } },
    { path: '/points/:point', name: 'point', component: PointPage, props: true, meta: { title: '任务' } },
    { path: '/visits/:visit', name: 'visit', component: VisitPage, props: ({ params }) => ({ id: params.visit }), meta: { title: '运维' } },
    { path: '/visits/:visit/sign-in', name: 'sign-in', component: SignInPage, props: true, meta: { title: '签到' } },
    { path: '/visits/:visit/sheets/:sheet', name: 'sheet', component: SheetPage, props: ({ params }) => ({ id: params.visit, sheetId: params.sheet }), meta: { title: '记录单' } },
    { path: '/visits/:visit/report/:what', name: 'report', component: ReportPage, props: true, meta: { title: '报告' } },
    { path: '/visits/:visit/sign-out', name: 'sign-out', component: SignOutPage, props: true, meta: { title: '签退' } },
    { path: '/mine', name: 'mine', component: MinePage, meta: { title: '我的运维' } },
    { path: '/mine/:visit', name: 'seen', component: SeenPage, props: true, meta: { title: '运维记录' } },
    { path: '/mine/:visit/conflict/:sheet', name: 'conflict', component: ConflictPage, props: true, meta: { title: '两份记录不一致' } },
    { path: '/outbox', name: 'outbox', component: OutboxPage, meta: { title: '待上传' } },
    ...SIGNING,
    { path: '/asked', name: 'asked', component: AskedPage, meta: { title: '待确认合同', of: 'enterprise' } },
    { path: '/messages', name: 'messages', component: MessagesPage, meta: { title: '消息', of: 'all' } },
    { path: '/me', name: 'me', component: MePage, meta: { title: '我的', of: 'all' } },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})

/** An enterprise writes no visits, and nobody else signs: each has pages of its own, beside those for all. */
router.beforeEach((to) => {
  if (to.meta.open) return true
  if (!me.account) return { name: 'login', query: to.fullPath === '/' ? {} : { to: to.fullPath } }
  if (to.meta.of === 'all' || (to.meta.of === 'enterprise') === (me.account.kind === 'enterprise')) return true
  return me.account.kind === 'enterprise' ? { name: 'due' } : { name: 'today' }
})
router.afterEach((to) => { document.title = `${String(to.meta.title)} · 清源运维` })
