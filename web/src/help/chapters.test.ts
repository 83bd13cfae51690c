import { mount } from '@vue/test-utils'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createMemoryHistory, createRouter, type Router } from 'vue-router'
import { CHAPTERS } from '../../manual/.vitepress/chapters'
import { router as phone } from '../phone/router'
import { router as desk } from '../router'
import { chapterOf, DESK_CHAPTERS, PHONE_CHAPTERS } from './chapters'
import HelpLink from './HelpLink.vue'

const MANUAL = '../docs/manual'
const files = readdirSync(MANUAL).filter((name) => name.endsWith('.md')).map((name) => name.replace('.md', ''))
const pagesOf = (router: Router) => router.getRoutes().flatMap((route) => (route.name ? [String(route.name)] : []))
const titleOf = (name: string) => /^# (.+)$/m.exec(readFileSync(`${MANUAL}/${name}.md`, 'utf8'))?.[1]

describe.each([['desk', desk, DESK_CHAPTERS], ['phone', phone, PHONE_CHAPTERS]] as const)('the pages of the %s', (_name, router, chapters) => {
  it('have a chapter each, and no chapter is for a page that is gone', () => {
    expect(Object.keys(chapters).sort()).toEqual(pagesOf(router).sort())
  })

  it('have chapters that exist', () => {
    expect(Object.values(chapters).filter((chapter) => !existsSync(`${MANUAL}/${chapter}.md`))).toEqual([])
  })

  it('lead to their chapter, and an unknown page to the contents', () => {
    expect(chapterOf(chapters, 'login')).toBe('/help/login.html')
    expect(chapterOf(chapters, 'nothing')).toBe('/help/')
    expect(chapterOf(chapters, undefined)).toBe('/help/')
  })
})

describe('the contents of the manual', () => {
  const listed = CHAPTERS.flatMap((part) => part.items ?? []).map(({ link, text }) => ({ name: link?.slice(1) ?? '', text }))

  it('list every chapter once', () => {
    expect(listed.map(({ name }) => name).sort()).toEqual(files.filter((name) => name !== 'README').sort())
  })

  it('call a chapter what it calls itself', () => {
    expect(listed.map(({ name, text }) => [name, text])).toEqual(listed.map(({ name }) => [name, titleOf(name)]))
  })

  it('stand on its first page as well', () => {
    const first = readFileSync(`${MANUAL}/README.md`, 'utf8')
    expect(listed.filter(({ name }) => !first.includes(`(${name}.md)`))).toEqual([])
  })
})

describe('the link to the manual', () => {
  it.each(['layout/MainLayout', 'login/LoginPage', 'work/check/CheckPage', 'filing/public/OperatorsPage', 'checking/page/CheckerPage', 'certificates/OpenFrame', 'wechat/BackPage', 'phone/parts/PhoneFrame', 'phone/pages/LoginPage'])('stands on %s', (page) => {
    expect(readFileSync(`src/${page}.vue`, 'utf8')).toMatch(/<HelpLink [^>]*:chapters="((DESK|PHONE)_CHAPTERS|chapters)"/)
  })

  it('leads to the chapter of the page where one is, and leaves what is being written where it is', async () => {
    const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/board', name: 'board', component: {} }] })
    await router.push('/board')
    const link = mount(HelpLink, { props: { chapters: DESK_CHAPTERS }, global: { plugins: [router] } }).get('a')
    expect(link.text()).toBe('帮助')
    expect(link.attributes()).toMatchObject({ href: '/help/supervision.html', target: '_blank' })
  })
})
