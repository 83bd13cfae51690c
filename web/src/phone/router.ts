import { createRouter, createWebHashHistory } from 'vue-router'
import { me } from './account'
import LoginPage from './pages/LoginPage.vue'
import { other } from '../whose'
import { landing } from './login/landing'
import { outbox } from './outbox/state'
import { SIGNING } from './signing/routes'

// One piece for each kind of account: a page that is first opened without a network must already be here.
const page = (name: keyof typeof import('./pages/technician')) => async () => (await import('./pages/technician'))[name]
const pageOfAll = (name: keyof typeof import('./pages/anybody')) => async () => (await import('./pages/anybody'))[name]

export const router = createRouter({
  history: createWebHashHistory('/m/'),
  routes: [
    { path: '/login', name: 'login', component: LoginPage, meta: { open: true, title: '登录' } },
    { path: '/', name: 'today', component: page('TodayPage'), meta: { title: '今日任务' } },
    { path: '/points/:point', name: 'point', component: page('PointPage'), props: true, meta: { title: '任务' } },
    { path: '/visits/:visit', name: 'visit', component: page('VisitPage'), props: ({ params }) => ({ id: params.visit }), meta: { title: '运维' } },
    { path: '/visits/:visit/sign-in', name: 'sign-in', component: page('SignInPage'), props: true, meta: { title: '签到' } },
    { path: '/visits/:visit/sheets/:sheet', name: 'sheet', component: page('SheetPage'), props: ({ params }) => ({ id: params.visit, sheetId: params.sheet }), meta: { title: '记录单' } },
    { path: '/visits/:visit/report/:what', name: 'report', component: page('ReportPage'), props: true, meta: { title: '报告' } },
    { path: '/visits/:visit/sign-out', name: 'sign-out', component: page('SignOutPage'), props: true, meta: { title: '签退' } },
    { path: '/mine', name: 'mine', component: page('MinePage'), meta: { title: '我的运维' } },
    { path: '/mine/:visit', name: 'seen', component: page('SeenPage'), props: true, meta: { title: '运维记录' } },
    { path: '/mine/:visit/conflict/:sheet', name: 'conflict', component: page('ConflictPage'), props: true, meta: { title: '两份记录不一致' } },
    { path: '/outbox', name: 'outbox', component: page('OutboxPage'), meta: { title: '待上传' } },
    ...SIGNING,
    { path: '/messages', name: 'messages', component: pageOfAll('MessagesPage'), meta: { title: '消息', of: 'all' } },
    { path: '/next-step', name: 'next-step', component: pageOfAll('NextStepPage'), meta: { title: '还有一步', of: 'all' } },
    { path: '/me', name: 'me', component: pageOfAll('MePage'), meta: { title: '我的', of: 'all' } },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})

/** Why somebody whom the phone remembers logs in all the same: the session is over, or is another's. */
const logsInAgain = (): boolean => me.ended || other.value !== null || outbox.halt === 'session' || outbox.halt === 'other-account'

/** An enterprise writes no visits, and nobody else signs: each has pages of its own, beside those for all. */
router.beforeEach((to) => {
  if (to.name === 'login' && me.account && !logsInAgain()) return landing(to.query.to)
  if (to.meta.open) return true
  if (!me.account) return { name: 'login', query: to.fullPath === '/' ? {} : { to: to.fullPath } }
  if (to.meta.of === 'all' || (to.meta.of === 'enterprise') === (me.account.kind === 'enterprise')) return true
  return me.account.kind === 'enterprise' ? { name: 'due' } : { name: 'today' }
})

/** Once, when it is first heard of: work on this phone goes on, and a notice on each page leads there again. */
export function leadToNextStep(): void {
  if (me.restricted) return
  me.restricted = true
  const { name, fullPath } = router.currentRoute.value
  void router.push({ name: 'next-step', query: name === 'login' || fullPath === '/' ? {} : { to: fullPath } })
}

router.afterEach((to) => { document.title = `${String(to.meta.title)} · 清源运维` })
