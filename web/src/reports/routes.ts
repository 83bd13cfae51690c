import type { RouteRecordRaw } from 'vue-router'
import type { Kind, Role } from '../api/types'

const OPERATOR: readonly Kind[] = ['operator']
const OFFICE: readonly Kind[] = ['regulator', 'administrator']
/** Quality officers read, and write no report. */
const WRITING: readonly Role[] = ['manager', 'technician']

/** The pages of comparison and verification reports. What one may see there the services decide. */
export const reporting: RouteRecordRaw[] = [
  { path: 'reports', name: 'reports', component: () => import('./ReportsPage.vue'), meta: { title: '比对与校验报告' } },
  { path: 'reports/new', name: 'new-report', component: () => import('./editor/EditorPage.vue'), meta: { title: '新建报告', who: OPERATOR, roles: WRITING } },
  { path: 'reports/:id', name: 'report', component: () => import('./page/ReportPage.vue'), meta: { title: '报告' } },
  { path: 'reports/:id/edit', name: 'edit-report', component: () => import('./editor/EditorPage.vue'), meta: { title: '填写报告', who: OPERATOR, roles: WRITING } },
  { path: 'report-results', name: 'report-results', component: () => import('./office/ResultsPage.vue'), meta: { title: '规则判定统计', who: OFFICE } },
  { path: 'exemptions', name: 'exemptions', component: () => import('./office/ExemptionsPage.vue'), meta: { title: '规则豁免' } },
]
