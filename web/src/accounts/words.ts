import type { Kind, Role } from '../api/types'

export const KIND: Record<Kind, string> = { operator: '运维机构', enterprise: '排污单位', regulator: '监管部门', administrator: '平台' }

export const ROLE: Record<Role, string> = {
  manager: '机构管理员', technician: '运维人员', quality_officer: '质量管理员', signatory: '签字人',
  reviewer: '审核', reader: '查阅', system: '系统管理员', security: '安全管理员', audit: '审计管理员',
}

/** What somebody with this role may, in one line beside the choice. */
export const MAY: Partial<Record<Role, string>> = {
  manager: '办理本单位的全部事务，并管理本单位的账户', technician: '填写现场运维记录', quality_officer: '查看本机构的全部记录，不填写',
  signatory: '查看、提出异议和签字，不改登记信息，不办理合同', reviewer: '查看和办理', reader: '只查看',
}

const ROLES: Record<Kind, Role[]> = { operator: ['manager', 'technician', 'quality_officer'], enterprise: ['manager', 'signatory'], regulator: ['reviewer', 'reader'], administrator: ['system', 'security', 'audit'] }

export interface RoleChoice { value: Role; text: string; may: string }

/** The roles that an account of this kind can have. */
export const rolesOf = (kind: Kind): RoleChoice[] => ROLES[kind].map((value) => ({ value, text: ROLE[value], may: MAY[value] ?? '' }))

/** A role, and with it whether an enterprise's manager signs. */
export const roleWords = (kind: Kind, role: Role, signs: boolean): string => (kind === 'enterprise' && role === 'manager' && signs ? `${ROLE[role]}（可签字）` : ROLE[role])

export const LOST_FACTORS = (label: string) => `${label} 丢失了验证器、安全密钥和恢复码时才用：两步验证全部移除，密码改为一次性密码，全部登录结束。请先核实是本人。`
export const FACTORS_GONE = '两步验证已移除，须重新启用。'
