import { expect, it } from 'vitest'

const PAGES = import.meta.glob<string>('../**/*.vue', { query: '?raw', import: 'default', eager: true })
const NAMED = /<(button|a|el-button|router-link)\b[^>]*\saria-label="([^"]*)"[^>]*>([^<]*)<\/\1>|<(button|a|el-button|router-link)\b[^>]*\s:aria-label="((?:=>|[^"])*)"(?:=>|[^>])*>([^<]*)<\/\4>/g
const WORDS = /[\u4e00-\u9fff]+/g

/** What can be seen on a control and is not part of the name that it is asked for by. */
function unspoken(page: string, text: string) {
  return [...text.matchAll(NAMED)].flatMap(([, , plain, plainText, , bound, boundText]) => {
    const name = plain ?? bound ?? ''
    return ((plainText ?? boundText ?? '').match(WORDS) ?? []).filter((word) => !name.includes(word)).map((word) => `${page}: ${word} is not in ${name}`)
  })
}

it('finds a control whose name leaves out what it shows', () => {
  const control = '<el-button :aria-label="`查看合同 ${row.number}`" @click="go">去确认</el-button>'
  expect(unspoken('Page.vue', control)).toEqual(['Page.vue: 去确认 is not in `查看合同 ${row.number}`'])
  expect(unspoken('Page.vue', control.replace('查看', '去确认'))).toEqual([])
})

it('names every control of every page by what it shows', () => {
  const controls = Object.values(PAGES).flatMap((text) => [...text.matchAll(NAMED)])
  expect(controls.length).toBeGreaterThan(30)
  expect(Object.entries(PAGES).flatMap(([page, text]) => unspoken(page, text))).toEqual([])
})
