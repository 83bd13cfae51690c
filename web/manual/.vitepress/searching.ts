/** How the manual is searched: by words, which Chinese does not part with spaces. The index is built in Node, the question cut in the browser. */
const BETWEEN_WORDS = /[\s\p{P}\p{S}]+/u

/** Without `Intl.Segmenter` (browsers before 2024) a run of characters is one word, found by its beginning. */
export function wordsOf(text: string): string[] {
  if (!('Segmenter' in Intl)) return text.split(BETWEEN_WORDS)
  const parts = new Intl.Segmenter('zh', { granularity: 'word' }).segment(text)
  return Array.from(parts, (part) => part.segment.trim()).filter((word) => word && !BETWEEN_WORDS.test(word))
}

export const miniSearch = {
  options: { tokenize: wordsOf },
  searchOptions: { combineWith: 'AND', prefix: true, fuzzy: 0.2, boost: { title: 4, titles: 1, text: 2 } },
} as const
