import type { EnterpriseChange, EnterpriseIdentity } from '../api/types'

export const CHANGE_FIELDS: Record<keyof EnterpriseIdentity, string> = {
  name: '单位名称',
  uscc: '统一社会信用代码',
  district: '所在区',
}

type Tone = 'warning' | 'success' | 'danger' | 'info'
export const CHANGE_STATES: Record<EnterpriseChange['status'], { text: string; type: Tone }> = {
  pending: { text: '待确认', type: 'warning' },
  confirmed: { text: '已确认', type: 'success' },
  refused: { text: '不同意', type: 'danger' },
  withdrawn: { text: '已撤回', type: 'info' },
  replaced: { text: '已被新申请取代', type: 'info' },
  lapsed: { text: '已失效（单位已关闭）', type: 'info' },
}

/** Confirming it would move the enterprise from where it is now, whatever it was at the time of the request. */
export function moves({ was, wanted, enterprise_district }: Pick<EnterpriseChange, 'was' | 'wanted' | 'enterprise_district'>): boolean {
  return was.district !== wanted.district && wanted.district !== enterprise_district
}

/** What would be another than it was. */
export function differences(change: EnterpriseChange): (keyof EnterpriseIdentity)[] {
  return (Object.keys(CHANGE_FIELDS) as (keyof EnterpriseIdentity)[]).filter((field) => change.was[field] !== change.wanted[field])
}
