import type { Component } from 'vue'
import CertificateLogIn from './CertificateLogIn.vue'
import WeChatLogIn from '../wechat/WeChatLogIn.vue'
import PasswordLogIn from './PasswordLogIn.vue'

/** One way to log in. Its component emits `opened` with the account once the session is open. */
export interface Way {
  key: string
  text: string
  component: Component
}

export const WAYS: Way[] = [
  { key: 'password', text: '账户密码', component: PasswordLogIn },
  { key: 'certificate', text: '法人一证通', component: CertificateLogIn },
  { key: 'wechat', text: '微信', component: WeChatLogIn },
]
