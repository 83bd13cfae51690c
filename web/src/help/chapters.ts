import type { RouteRecordNameGeneric } from 'vue-router'

/** The chapter of docs/manual that belongs to each page, by the name of its route. A test asks for every route's. */
export const DESK_CHAPTERS: Record<string, string> = {
  login: 'login', away: 'questions', missing: 'questions', unknown: 'questions', home: 'login', check: 'check', 'public-check': 'report-check',
  enterprises: 'enterprises', outlets: 'outlets', import: 'import', changes: 'enterprise-changes', instruments: 'instruments',
  mine: 'sessions', duties: 'login', contracts: 'contracts', contract: 'contracts', plans: 'plans', 'new-plan': 'plans', plan: 'plans', cycles: 'cycles',
  visits: 'visits', visit: 'visits', today: 'signing', 'sign-many': 'signing', confirmations: 'confirmations', board: 'supervision',
  filing: 'filing', 'filing-import': 'filing', filings: 'filing-review', 'filing-of': 'filing-review', 'filing-review': 'filing-review', papers: 'filing-review', 'public-operators': 'filing-review',
  credit: 'credit-information', 'credit-annual': 'credit-information', 'credit-of': 'credit-information', 'credit-annual-of': 'credit-information',
  'security-log': 'security-log', locks: 'security', 'security-policy': 'security', 'certificate-demands': 'security', 'certificate-roots': 'security',
  'own-accounts': 'accounts', invitation: 'accounts', 'platform-accounts': 'admin-accounts',
  'certificate-check': 'certificate', 'lost-key': 'certificate', 'lost-keys': 'certificate',
  messages: 'messages', 'message-texts': 'messages', 'message-failures': 'messages',
  'relied-on': 'visits', impossible: 'plans',
  reports: 'reports', 'new-report': 'reports', 'edit-report': 'reports', report: 'reports', 'report-results': 'reports', exemptions: 'reports',
  'wechat-back': 'wechat',
}

export const PHONE_CHAPTERS: Record<string, string> = {
  login: 'login', today: 'phone', point: 'phone', visit: 'phone', 'sign-in': 'phone', sheet: 'phone', 'sign-out': 'phone',
  report: 'phone-reports', mine: 'phone-mine', seen: 'phone-mine', conflict: 'phone-mine', outbox: 'phone-outbox', 'next-step': 'second-step', me: 'phone-outbox', asked: 'contracts',
  due: 'phone-signing', confirmation: 'phone-signing', records: 'phone-signing', messages: 'phone-signing',
}

/** Where the chapter of a page is; where none is known, the manual's contents. */
export function chapterOf(chapters: Record<string, string>, page: RouteRecordNameGeneric): string {
  const chapter = chapters[String(page ?? '')]
  return chapter ? `/help/${chapter}.html` : '/help/'
}
