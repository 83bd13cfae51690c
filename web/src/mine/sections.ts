import type { Component } from 'vue'
import type { Account } from '../api/types'
import OpenSessions from './OpenSessions.vue'
import MyCertificates from '../certificates/MyCertificates.vue'
import WeChatSection from '../wechat/WeChatSection.vue'
import ContactSection from '../messages/ContactSection.vue'
import PreferencesSection from '../messages/PreferencesSection.vue'
import FactorsSection from '../factors/FactorsSection.vue'
import PasswordSection from '../factors/PasswordSection.vue'
import WhoIAm from './WhoIAm.vue'

/** One part of 我的信息. `shows` leaves it out for accounts that it is not for. */
export interface Section {
  key: string
  title: string
  component: Component
  shows?: (account: Account) => boolean
}

export const SECTIONS: Section[] = [
  { key: 'who', title: '账户信息', component: WhoIAm },
  { key: 'password', title: '登录密码', component: PasswordSection },
  { key: 'factors', title: '两步验证', component: FactorsSection },
  { key: 'contact', title: '联系方式', component: ContactSection },
  { key: 'messages', title: '消息接收', component: PreferencesSection, shows: ({ kind }) => kind !== 'administrator' },
  { key: 'wechat', title: '微信', component: WeChatSection, shows: ({ kind }) => kind === 'enterprise' || kind === 'operator' },
  { key: 'certificates', title: '证书', component: MyCertificates, shows: ({ organisation }) => organisation !== null },
  { key: 'sessions', title: '登录设备', component: OpenSessions },
]
