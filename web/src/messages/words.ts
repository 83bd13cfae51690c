import type { MessageFailure } from '../api/types'

export const WAYS: Record<MessageFailure['channel'], string> = { wechat: '微信', email: '电子邮件', sms: '短信' }
export const STATES: Record<string, string> = { failed: '未送出', unknown: '不确定是否送出' }
