import { expect, it } from 'vitest'

const PAGES = import.meta.glob<string>(['../**/*Page.vue', '!../phone/**'], { query: '?raw', import: 'default', eager: true })
/** What stands in the place of a page that cannot be shown. */
const IN_PLACE_OF_PAGES = ['../pages/AwayPage.vue', '../pages/MissingPage.vue', '../pages/UnknownPage.vue']

it('every page says what it is, also where it is empty: at the width of a phone nothing else does', () => {
  expect(Object.keys(PAGES).length).toBeGreaterThan(45)
  const silent = Object.entries(PAGES).filter(([, text]) => !/<h1|<OpenFrame/.test(text)).map(([page]) => page)
  expect(silent.sort()).toEqual(IN_PLACE_OF_PAGES)
})
