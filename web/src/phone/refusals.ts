import { ref } from 'vue'
import { Problem } from '../api/problem'

/** Whatever nobody has caught is told all the same: a button that does nothing is the worst answer. */
export function tellUncaught(): void {
  window.addEventListener('unhandledrejection', (event) => {
    if (event.reason instanceof Problem && event.reason.code === 'session.missing') return event.preventDefault()
    if (!(event.reason instanceof Error)) return
    const full = event.reason.name === 'QuotaExceededError' || /quota/i.test(event.reason.message)
    tell(full ? '手机存储空间不足，刚才的内容没有保存。请清理空间后重试。' : sentenceOf(event.reason))
  })
}

const SHOWN_FOR_MS = 5_000
let hiding: ReturnType<typeof setTimeout> | undefined

/** What is being told right now, over whatever page is open. */
export const told = ref('')

export function tell(sentence: string): void {
  told.value = sentence
  clearTimeout(hiding)
  hiding = setTimeout(() => { told.value = '' }, SHOWN_FOR_MS)
}

export const sentenceOf = (error: unknown): string => (error instanceof Error && /[\u4e00-\u9fff]/.test(error.message) ? error.message : '出错了，请重试。')
