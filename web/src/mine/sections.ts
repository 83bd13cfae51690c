import type { Component } from 'vue'
import type { Account } from '../api/types'
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
]
