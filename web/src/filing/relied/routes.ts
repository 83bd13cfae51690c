import type { RouteRecordRaw } from 'vue-router'
import type { Kind } from '../../api/types'

const PLANNING: readonly Kind[] = ['operator', 'regulator', 'administrator']

/** What work stood on a paper, and what planned work will lack one. */
export const reliance: RouteRecordRaw[] = [
  { path: 'papers/:paperId/relied-on', name: 'relied-on', component: () => import('./ReliedPage.vue'), meta: { title: '依据该证件的运维' } },
  { path: 'impossible', name: 'impossible', component: () => import('../impossible/ImpossiblePage.vue'), meta: { title: '证件到期影响的计划', who: PLANNING } },
]
