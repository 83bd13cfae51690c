import { ref } from 'vue'

const SHOWN_FOR_MS = 5_000
let hiding: ReturnType<typeof setTimeout> | undefined

/** What is being told right now, over whatever page is open. */
export const told = ref('')

export function tell(sentence: string): void {
  told.value = sentence
  clearTimeout(hiding)
  hiding = setTimeout(() => { told.value = '' }, SHOWN_FOR_MS)
}

export { sentenceOf } from '../uncaught'
