/** The words of information for the credit evaluation: its kinds and fields, the same for operators and offices. */
import type { Word } from '../../work/words'
import type { DocumentKind, EntryKind } from './types'

/** In the order in which the columns stand. */
export const DOCUMENTS: Record<DocumentKind, string> = { operating_instructions: '仪器操作规程', maintenance_requirements: '维护技术要求', management_rules: '运维管理制度' }
export const DOCUMENT_KINDS = Object.keys(DOCUMENTS) as DocumentKind[]
export const DOCUMENT_FIELDS = { kind: '类别', title: '文件名称', edition: '版次', valid_from: '生效日期', points: '适用测点', file: '文件', reason: '原因' }

export const ENTRIES: Record<EntryKind, string> = { education: '教育', training: '培训', supervision: '监督' }
export const ENTRY_KINDS = Object.keys(ENTRIES) as EntryKind[]
export const ENTRY_FIELDS = { kind: '类别', first_day: '开始日期', last_day: '结束日期', content: '内容', hours: '学时', participants: '参加人员', files: '证明材料' }

export const MISSING: Word = { text: '缺', tone: 'danger' }
export const LATE: Word = { text: '截止后', tone: 'warning' }
export const CLOSED: Word = { text: '年度已截止', tone: 'info' }
