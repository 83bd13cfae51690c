import type { Theme } from 'vitepress'
import theme from 'vitepress/theme-without-fonts'
import { h } from 'vue'
import { miniSearch } from '../searching'
import './colours.css'

/** With a target the manual's own router leaves the link alone: it leads out of the manual. */
const backToSystem = () => h('a', { class: 'back-to-system', href: '/', target: '_self' }, '回到系统')

export default {
  extends: theme,
  Layout: () => h(theme.Layout, null, { 'nav-bar-content-after': backToSystem }),
  enhanceApp: ({ siteData }) => {
    siteData.value.themeConfig.search.options.miniSearch = miniSearch
  },
} satisfies Theme
