import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'
import { CHAPTERS } from './chapters'
import { miniSearch } from './searching'

/**
 * VitePress writes functions of the settings as text, and evaluates them in the browser, which the policy forbids. What
 * is not enumerable is not written; the theme sets it again.
 */
const search = Object.defineProperty({
  translations: {
    button: { buttonText: '搜索', buttonAriaLabel: '搜索手册' },
    modal: {
      displayDetails: '显示内容', resetButtonTitle: '清除', backButtonTitle: '关闭', noResultsText: '没有找到：',
      footer: { selectText: '打开', navigateText: '上下选择', closeText: '关闭' },
    },
  },
}, 'miniSearch', { value: miniSearch, enumerable: false })

const INLINE_SCRIPT = /<script id="check-mac-os">.*?<\/script>\s*/s

/** The chapters lie outside web/, and their imports of Vue are not found from there. */
const vueForChapters: NonNullable<NonNullable<Parameters<typeof defineConfig>[0]['vite']>['plugins']>[number] = {
  name: 'vue-for-chapters', enforce: 'pre',
  resolveId(source, importer) {
    return /^vue($|\/)/.test(source) && importer?.endsWith('.md') ? this.resolve(source, fileURLToPath(import.meta.url)) : null
  },
}

export default defineConfig({
  srcDir: '../../docs/manual', outDir: '../help', cacheDir: '../node_modules/.vitepress', base: '/help/',
  rewrites: { 'README.md': 'index.md' },
  lang: 'zh-CN', title: '清源操作手册', description: '在哪里点、填什么、系统会答复什么',
  head: [['link', { rel: 'icon', href: '/mark.svg' }]],
  // No inline scripts (the policy forbids them): neither the settings, nor a dark mode, nor the Mac's key names.
  metaChunk: true, appearance: false,
  transformHtml: (page) => page.replace(INLINE_SCRIPT, ''),
  vite: { plugins: [vueForChapters], build: { assetsInlineLimit: 0 } },
  // A line of the source that ends is no space between two characters.
  markdown: { config: (renderer) => { renderer.renderer.rules.softbreak = () => '' } },
  themeConfig: {
    sidebar: CHAPTERS,
    outline: { label: '本页内容' },
    docFooter: { prev: '上一章', next: '下一章' },
    sidebarMenuLabel: '各章', returnToTopLabel: '回到顶部', skipToContentLabel: '跳到主要内容',
    notFound: { code: '404', title: '手册里没有这一页', quote: '请从左上角回到首页，或搜索。', linkLabel: '回到手册首页', linkText: '回到手册首页' },
    search: { provider: 'local', options: search },
  },
})
