import type { App } from 'vue'
import type { Router } from 'vue-router'
import { Problem } from './api/problem'

const SESSION_OVER = 'session.missing'

/**
 * Whatever nobody has caught is told all the same: a button that does nothing is the worst answer.
 * Vue catches what a handler of a component throws or rejects with, so the browser hears only of the rest.
 */
export function tellUncaught(app: App, tell: (error: Error) => void): void {
  const hear = (reason: unknown): void => {
    if (reason instanceof Problem && reason.code === SESSION_OVER) return // the router leads to the log-in
    if (!(reason instanceof Problem)) console.error(reason)
    if (reason instanceof Error && !isMissingPart(reason)) tell(reason)
  }
  app.config.errorHandler = hear
  window.addEventListener('unhandledrejection', (event) => {
    event.preventDefault()
    hear(event.reason)
  })
}

const isQuota = (error: Error): boolean => error.name === 'QuotaExceededError' || /quota/i.test(error.message) || (error.cause instanceof Error && isQuota(error.cause))

/** A sentence for a person: the server's own, the one for a full phone, else that something went wrong. */
export function sentenceOf(error: unknown): string {
  if (error instanceof Error && isQuota(error)) return '手机存储空间不足，刚才的内容没有保存。请清理空间后重试。'
  return error instanceof Error && /[\u4e00-\u9fff]/.test(error.message) ? error.message : '出错了，请重试。'
}

/** After a release a page that is loaded only now may be gone: it is told apart, with a button that brings the new one. */
export function whenPartIsMissing(tell: (sentence: string) => void): void {
  window.addEventListener('vite:preloadError', () => tell(whyMissing()))
}

export const whyMissing = (): string => (navigator.onLine ? '系统已有新版本，请刷新页面后继续。' : '网络已断开，页面没有加载成功。恢复后请刷新页面。')

const isMissingPart = (error: Error): boolean => /dynamically imported module|Importing a module script failed|Unable to preload CSS/i.test(error.message)

/** A page of which a part is missing gives way to `page`, which says so. The answer tells whether a page is being loaded just now. */
export function showMissing(router: Router, page: string): () => boolean {
  let loading = false
  router.beforeEach(() => { loading = true })
  router.afterEach(() => { loading = false })
  router.onError((error, to) => {
    loading = false
    if (error instanceof Error && isMissingPart(error) && to.name !== page) router.push({ name: page, query: { to: to.fullPath } }).catch(() => undefined)
  })
  return () => loading
}

/** What a refresh does: it leads on to where somebody was going when a part was missing, else it shows the same page again. */
export function refreshing(router: Router): () => void {
  let wanted: string | null = null
  router.onError((_error, to) => { wanted = router.resolve(to).href })
  router.afterEach((_to, _from, failure) => { if (!failure) wanted = null })
  return () => (wanted ? location.assign(wanted) : location.reload())
}
