import { ElMessage, ElMessageBox } from 'element-plus'
import type { App } from 'vue'
import type { Router } from 'vue-router'
import { Problem } from './api/problem'
import { refreshing, sentenceOf, showMissing, tellUncaught, whenPartIsMissing } from './uncaught'

/** On the desk: a refusal that no page has caught, and a page that a release has taken away. */
export function tellRefusals(app: App, router: Router): void {
  const refresh = refreshing(router)
  const isLoadingPage = showMissing(router, 'missing')
  tellUncaught(app, (error) => {
    const trace = error instanceof Problem && error.traceId ? `（追踪号 ${error.traceId}）` : ''
    ElMessage({ type: 'error', message: sentenceOf(error) + trace, duration: 6000, showClose: true })
  })
  whenPartIsMissing((sentence) => {
    if (isLoadingPage()) return // a page says it
    const asked = ElMessageBox.confirm(sentence, '页面没有加载', { confirmButtonText: '刷新', cancelButtonText: '稍后', type: 'warning' })
    void asked.then(refresh, () => undefined)
  })
}
