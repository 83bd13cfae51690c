import { defineStore } from 'pinia'
import { get } from '../api'
import type { RegisterFields, Standards } from '../api/types'
import { today } from '../days'
import { labels } from '../api/work'
import type { Form } from '../sheets'

/** The dated data that pages read: names of works, forms, intervals, holidays; and the names of accounts. */
type Dated = Omit<Standards, 'forms'> & { forms: Form[] }

const asked = new Map<string, Promise<void>>()

export const useStandards = defineStore('standards', {
  state: () => ({
    days: {} as Record<string, Dated>,
    names: {} as Record<string, string>,
  }),
  getters: {
    now: (state): Dated | null => state.days[today()] ?? null,
    /** What of the forms the register knows: the same whatever day's standards were read. */
    registerFields: (state): RegisterFields | null => Object.values(state.days)[0]?.register_fields ?? null,
    /** How long an enterprise may leave a contract unanswered before it is reminded. */
    contractReminderDays(): number {
      return Number(this.now?.settings.contract_reminder_days ?? Infinity)
    },
  },
  actions: {
    /** The standards of a day; a form that has been replaced since is found among those of its own day. */
    async need(day: string = today()): Promise<void> {
      if (this.days[day]) return
      if (!asked.has(day)) asked.set(day, get('/api/tasks/forms', { query: { day } }).then((found) => void (this.days[day] = found as unknown as Dated)))
      await asked.get(day)?.finally(() => asked.delete(day))
    },
    async needNames(ids: (string | null | undefined)[], on?: string): Promise<void> {
      const unknown = [...new Set(ids)].filter((id): id is string => !!id && !(id in this.names))
      if (unknown.length) Object.assign(this.names, await labels(unknown, on).catch(() => ({})))
    },
    contentName(code: string): string {
      return this.now?.contents.find((one) => one.code === code)?.name ?? CONTENT_NAMES[code] ?? code
    },
    form(name: string, version: number): Form | null {
      for (const one of Object.values(this.days)) {
        const found = one.forms.find((form) => form.form === name && form.version === version)
        if (found) return found
      }
      return null
    },
    who(account: string | null | undefined): string {
      return (account && this.names[account]) || '账户'
    },
  },
})

/** For who looks before the list has come; the list has the last word. */
const CONTENT_NAMES: Record<string, string> = {
  patrol: '日常巡检', calibration: '校准', system_calibration: '全系统校准', verification: '校验', comparison: '实际水样比对',
  standard_check: '标样核查', repair: '维修', consumables: '易耗品更换', reference_materials: '标准物质/试剂更换', parameter_change: '参数变动',
  shutdown: '停机', monthly_maintenance: '月度维护', quarterly_maintenance: '季度维护',
}
