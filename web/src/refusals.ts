import { ElMessage } from 'element-plus'
import { Problem } from './api/problem'

/** A refusal that no page has caught is told all the same: a button that does nothing is the worst answer. */
export function tellUncaughtRefusals(): void {
  window.addEventListener('unhandledrejection', (event) => {
    if (!(event.reason instanceof Problem)) return
    event.preventDefault()
    if (event.reason.code === 'session.missing') return
    const trace = event.reason.traceId ? `（追踪号 ${event.reason.traceId}）` : ''
    ElMessage({ type: 'error', message: event.reason.title + trace, duration: 6000, showClose: true })
  })
}
