import { createRouter, createWebHistory, type RouteLocation } from 'vue-router'
import { whenRestricted, whenSessionEnds } from './api'
import { accounts, openAccounts } from './accounts/routes'
import type { Account, Kind } from './api/types'
import { certificates, openCertificates } from './certificates/routes'
import { filing, open } from './filing/routes'
import { reliance } from './filing/relied/routes'
import { keepForms } from './forms/unsaved'
import { hasOwnMenu } from './layout/menu'
import { messages } from './messages/routes'
import MissingPage from './pages/MissingPage.vue'
import { reporting } from './reports/routes'
import { watching } from './security/routes'
import { useSession } from './session'
import { wechat } from './wechat/routes'
import { working } from './work/routes'

/** Who may read the register: operators may not. */
const READERS: readonly Kind[] = ['enterprise', 'regulator', 'administrator']

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/login', name: 'login', component: () => import('./login/LoginPage.vue'), meta: { open: true } },
    { path: '/away', name: 'away', component: () => import('./pages/AwayPage.vue'), meta: { open: true, title: '服务暂时不可用' } },
    // Never a part of its own: it is shown where one cannot be loaded.
    { path: '/missing', name: 'missing', component: MissingPage, meta: { open: true, title: '页面没有加载' } },
    { path: '/check/:id?', name: 'check', component: () => import('./work/check/CheckPage.vue'), meta: { open: true, title: '核对签字记录' } },
    { path: '/public/check', name: 'public-check', component: () => import('./checking/page/CheckerPage.vue'), meta: { open: true, title: '比对数据自查' } },
    ...open,
    ...openAccounts,
    ...openCertificates,
    ...wechat,
    {
      path: '/',
      component: () => import('./layout/MainLayout.vue'),
      children: [
        // A redirect would ask before anybody knows who is there, and lead everybody to the page of one kind of account.
        { path: '', name: 'home', component: () => import('./pages/UnknownPage.vue'), beforeEnter: () => useSession().home },
        { path: 'enterprises', name: 'enterprises', component: () => import('./pages/EnterprisesPage.vue'), meta: { title: '污染源基本信息', who: READERS } },
        { path: 'enterprises/:id/outlets', name: 'outlets', component: () => import('./pages/OutletsPage.vue'), meta: { title: '企业排口' } },
        { path: 'enterprises/:id/import', name: 'import', component: () => import('./pages/ImportPage.vue'), meta: { title: '批量导入' } },
        { path: 'changes', name: 'changes', component: () => import('./pages/ChangesPage.vue'), meta: { title: '变更申请', who: READERS } },
        { path: 'instruments', name: 'instruments', component: () => import('./pages/InstrumentsPage.vue'), meta: { title: '仪器清单', who: READERS } },
        { path: 'mine', name: 'mine', component: () => import('./mine/MinePage.vue'), meta: { title: '我的信息' } },
        ...working,
        ...filing,
        ...reliance,
        ...reporting,
        ...watching,
        ...accounts,
        ...certificates,
        ...messages,
        { path: ':rest(.*)*', name: 'unknown', component: () => import('./pages/UnknownPage.vue'), meta: { title: '没有这个页面' } },
      ],
    },
  ],
})

type Who = Pick<Account, 'kind'> & Partial<Pick<Account, 'role'>>

function isFor({ meta: { who, roles } }: RouteLocation, account: Who | null): boolean {
  if (who && !(account && who.includes(account.kind))) return false
  if (roles) return !!account?.role && roles.includes(account.role)
  return !who || !hasOwnMenu(account?.role)
}

/** Where on 我的信息 stands what has to be done before anything else. */
const SECTION_OF = { password: 'password', factor: 'factors' } as const

/** Where one goes after logging in: to the address that was asked for, unless it is a page of another kind of account. */
export function landing(asked: unknown, session: { home: string; account: Who | null }): string {
  const to = typeof asked === 'string' && asked.startsWith('/') && !asked.startsWith('//') ? asked : '/'
  return isFor(router.resolve(to), session.account) ? to : session.home
}

router.beforeEach(async (to) => {
  const session = useSession()
  await session.ask()
  if (to.name === 'login' && session.account) return landing(to.query.to, session)
  if (!to.meta.open && session.problem) return { name: 'away', query: { to: to.fullPath } }
  if (!to.meta.open && !session.account) return { name: 'login', query: { to: to.fullPath } }
  if (!to.meta.open && session.must.length && to.name !== 'mine') return { name: 'mine', hash: `#${SECTION_OF[session.must[0]!]}` }
  if (!isFor(to, session.account)) return { name: 'unknown', params: { rest: to.path.slice(1).split('/') } }
  return true
})

router.afterEach((to) => {
  document.title = to.meta.title ? `${to.meta.title} · 清源` : '清源 · 污染源综合管理'
})

whenSessionEnds(() => {
  const session = useSession()
  if (session.account) keepForms(session.account.id)
  session.forget()
  void router.push({ name: 'login', query: { to: router.currentRoute.value.fullPath, ended: '1' } })
})

whenRestricted(() => {
  const session = useSession()
  session.asked = false
  if (router.currentRoute.value.name !== 'mine') void router.push({ name: 'mine' })
})
