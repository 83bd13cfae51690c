import { AlarmClock, Calendar, ChatLineSquare, Checked, Cpu, DataAnalysis, DataBoard, DataLine, Document, DocumentChecked, EditPen, Finished, Key, List, Lock, Medal, Memo, OfficeBuilding, Stamp, Tickets, Unlock, User, WarningFilled } from '@element-plus/icons-vue'
import type { Component } from 'vue'
import type { Account, Kind } from '../api/types'

export interface MenuGroup {
  title: string
  items: { to: string; text: string; icon: Component }[]
}

const REGISTER: MenuGroup = {
  title: '公共配置',
  items: [
    { to: '/enterprises', text: '污染源基本信息', icon: OfficeBuilding },
    { to: '/instruments', text: '仪器清单', icon: Cpu },
    { to: '/changes', text: '变更申请', icon: DocumentChecked },
  ],
}
const VISITS = { to: '/visits', text: '运维记录', icon: Tickets }
const CONFIRMATIONS = { to: '/confirmations', text: '确认记录', icon: Finished }
const PAPERS = { to: '/papers', text: '证件到期', icon: AlarmClock }
const REPORTS = { to: '/reports', text: '比对与校验报告', icon: DataLine }
const EXEMPTIONS = { to: '/exemptions', text: '规则豁免', icon: Unlock }
const OFFICE: MenuGroup = {
  title: '污染源运维',
  items: [{ to: '/board', text: '监管看板', icon: DataBoard }, VISITS, CONFIRMATIONS, { ...REPORTS, text: '报告审核' }, { to: '/report-results', text: '规则判定统计', icon: DataAnalysis }, EXEMPTIONS, { to: '/filings', text: '备案审核', icon: Checked }, PAPERS],
}

const PLATFORM: MenuGroup = {
  title: '平台管理',
  items: [
    { to: '/platform/accounts', text: '单位与账户', icon: User },
    { to: '/messages/texts', text: '消息文字', icon: ChatLineSquare },
    { to: '/messages/failures', text: '发送失败', icon: WarningFilled },
  ],
}
const LOST_KEYS: MenuGroup = { title: '账户', items: [{ to: '/lost-keys', text: '证书丢失申请', icon: Key }] }

const MENUS: Record<Kind, MenuGroup[]> = {
  operator: [
    {
      title: '污染源运维',
      items: [
        { to: '/duties', text: '今日工作', icon: EditPen },
        { to: '/contracts', text: '合同', icon: Document },
        { to: '/plans', text: '运维计划', icon: Calendar },
        { ...VISITS, text: '现场运维' },
        CONFIRMATIONS,
        REPORTS,
        EXEMPTIONS,
        { to: '/filing', text: '备案管理', icon: Stamp },
        PAPERS,
        { to: '/credit', text: '信用评价信息', icon: Medal },
      ],
    },
  ],
  enterprise: [
    { title: '污染源运维', items: [{ to: '/today', text: '今日确认', icon: EditPen }, VISITS, CONFIRMATIONS, REPORTS, EXEMPTIONS, { to: '/contracts', text: '运维合同', icon: Document }] },
    REGISTER,
  ],
  regulator: [OFFICE, REGISTER],
  administrator: [OFFICE, REGISTER, LOST_KEYS],
}

/** Administrators who see no business data have menus of their own. */
const BY_ROLE: Partial<Record<NonNullable<Account['role']>, MenuGroup[]>> = {
  audit: [{ title: '安全', items: [{ to: '/security-log', text: '安全日志', icon: List }] }],
  security: [
    {
      title: '安全',
      items: [
        { to: '/security/locks', text: '锁定与会话', icon: Lock },
        { to: '/security/demands', text: '证书登录要求', icon: Stamp },
        { to: '/security/policy', text: '安全策略', icon: Memo },
        { to: '/security/roots', text: '证书信任', icon: Key },
      ],
    },
    LOST_KEYS,
  ],
}

export const hasOwnMenu = (role?: Account['role']): boolean => !!role && role in BY_ROLE
/** What a role has beside the menu of its kind. */
const ALSO: Partial<Record<Account['role'], MenuGroup[]>> = {
  manager: [{ title: '本单位', items: [{ to: '/organisation/accounts', text: '单位账户', icon: User }] }],
  system: [PLATFORM],
}

/** What stands in the menu of an account. */
export const menuOf = (kind: Kind, role: Account['role'] | null): MenuGroup[] => (role && BY_ROLE[role]) ?? [...MENUS[kind], ...((role && ALSO[role]) ?? [])]

/** Where the day begins for this kind of account. */
export const homeOf = (kind: Kind, role: Account['role'] | null): string =>
  (role && BY_ROLE[role]?.[0]?.items[0]?.to) ?? { enterprise: '/today', operator: '/duties', regulator: '/board', administrator: '/enterprises' }[kind]
