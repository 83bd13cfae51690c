import type { RouteRecordRaw } from 'vue-router'
import type { Kind } from '../api/types'

const OPERATOR: readonly Kind[] = ['operator']
const WATCHING: readonly Kind[] = ['operator', 'regulator', 'administrator']
const OFFICE: readonly Kind[] = ['regulator', 'administrator']

/** The pages of filings: an operator's own, and those of who reviews and watches them. */
export const filing: RouteRecordRaw[] = [
  { path: 'filing/import', name: 'filing-import', component: () => import('./imports/ImportPage.vue'), meta: { title: '导入备案资源', who: OPERATOR } },
  { path: 'filing/:tab?', name: 'filing', component: () => import('./own/FilingPage.vue'), meta: { title: '备案管理', who: OPERATOR } },
  { path: 'filings', name: 'filings', component: () => import('./review/FilingsPage.vue'), meta: { title: '备案审核', who: OFFICE } },
  { path: 'credit', name: 'credit', component: () => import('./credit/DailyPage.vue'), meta: { title: '信用评价信息', who: OPERATOR } },
  { path: 'credit/annual', name: 'credit-annual', component: () => import('./credit/AnnualPage.vue'), meta: { title: '信用评价信息', who: OPERATOR } },
  { path: 'filings/:operatorId/credit', name: 'credit-of', component: () => import('./credit/DailyPage.vue'), meta: { title: '信用评价信息', who: OFFICE } },
  { path: 'filings/:operatorId/credit/annual', name: 'credit-annual-of', component: () => import('./credit/AnnualPage.vue'), meta: { title: '信用评价信息', who: OFFICE } },
  { path: 'filings/:operatorId', name: 'filing-of', component: () => import('./review/FilingOfPage.vue'), meta: { title: '机构备案', who: OFFICE } },
  { path: 'filings/:operatorId/review', name: 'filing-review', component: () => import('./review/ReviewPage.vue'), meta: { title: '备案审核', who: OFFICE } },
  { path: 'papers', name: 'papers', component: () => import('./review/PapersPage.vue'), meta: { title: '证件到期', who: WATCHING } },
]

/** Reached without an account. */
export const open: RouteRecordRaw[] = [
  { path: '/public/operators', name: 'public-operators', component: () => import('./public/OperatorsPage.vue'), meta: { open: true, title: '已备案运维机构' } },
]
