import vue from '@vitejs/plugin-vue'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import Components from 'unplugin-vue-components/vite'
import { defineConfig } from 'vitest/config'
import { shell, vantResolver, withoutOutsideFont } from './src/phone/shell/build.ts'

// Everything ships from our own host: no outside fonts, no inline scripts (the policy forbids them).
// Two entries: the desktop pages, and under /m/ the phone pages of the technicians.
export default defineConfig({
  plugins: [vue(), Components({ dts: false, dirs: [], resolvers: [ElementPlusResolver(), vantResolver] }), withoutOutsideFont(), shell()],
  build: {
    target: 'es2022', assetsInlineLimit: 0, chunkSizeWarningLimit: 900, modulePreload: { polyfill: false },
    rolldownOptions: { input: { desktop: 'index.html', phone: 'm/index.html' } },
  },
  server: { proxy: { '/api': { target: process.env.QINGYUAN_URL ?? 'http://127.0.0.1:8080' } } },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'], server: { deps: { inline: ['element-plus', 'vant'] } } },
})
