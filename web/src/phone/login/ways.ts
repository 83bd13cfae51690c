import type { Component } from 'vue'
import PasswordWay from './PasswordWay.vue'
import WeChatWay from './WeChatWay.vue'

/** One way to log in. Its component emits `opened` with the account once the session is open, and `second` where another step is asked for. */
export interface Way {
  key: string
  text: string
  component: Component
}

export const WAYS: Way[] = [
  { key: 'password', text: '账户密码', component: PasswordWay },
  { key: 'wechat', text: '微信', component: WeChatWay },
]
