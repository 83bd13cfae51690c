import type { RouteRecordRaw } from 'vue-router'
import type { Kind, Role } from '../api/types'

declare module 'vue-router' {
  interface RouteMeta {
    title?: string
    /** Reached without an account. */
    open?: boolean
    /** Kinds of account the page is for; without it, all. What one may see there the services decide. */
    who?: readonly Kind[]
    /** Roles the page is for; without it, all of these kinds. */
    roles?: readonly Role[]
  }
}

const OPERATOR: readonly Kind[] = ['operator']
const CONTRACTING: readonly Kind[] = ['operator', 'enterprise']
const ENTERPRISE: readonly Kind[] = ['enterprise']
const OFFICE: readonly Kind[] = ['regulator', 'administrator']

/** The pages of the working day. */
export const working: RouteRecordRaw[] = [
  { path: 'duties', name: 'duties', component: () => import('./duties/DutiesPage.vue'), meta: { title: '今日工作', who: OPERATOR } },
  { path: 'contracts', name: 'contracts', component: () => import('./contracts/ContractsPage.vue'), meta: { title: '合同', who: CONTRACTING } },
  { path: 'contracts/:id', name: 'contract', component: () => import('./contracts/ContractPage.vue'), meta: { title: '合同' } },
  { path: 'plans', name: 'plans', component: () => import('./plans/PlansPage.vue'), meta: { title: '运维计划', who: OPERATOR } },
  { path: 'plans/new', name: 'new-plan', component: () => import('./plans/PlanEditorPage.vue'), meta: { title: '新建运维计划', who: OPERATOR } },
  { path: 'plans/:id', name: 'plan', component: () => import('./plans/PlanPage.vue'), meta: { title: '运维计划' } },
  { path: 'cycles', name: 'cycles', component: () => import('./plans/CyclesPage.vue'), meta: { title: '计划周期' } },
  { path: 'visits', name: 'visits', component: () => import('./visits/VisitsPage.vue'), meta: { title: '运维记录' } },
  { path: 'visits/:id', name: 'visit', component: () => import('./visits/VisitPage.vue'), meta: { title: '运维记录' } },
  { path: 'today', name: 'today', component: () => import('./confirmations/TodayPage.vue'), meta: { title: '今日确认', who: ENTERPRISE } },
  { path: 'today/sign', name: 'sign-many', component: () => import('./confirmations/SignManyPage.vue'), meta: { title: '逐项签字', who: ENTERPRISE } },
  { path: 'confirmations', name: 'confirmations', component: () => import('./confirmations/ConfirmationsPage.vue'), meta: { title: '确认记录' } },
  { path: 'board', name: 'board', component: () => import('./board/BoardPage.vue'), meta: { title: '监管看板', who: OFFICE } },
]
