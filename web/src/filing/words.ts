/** The words of a filing: its fields, kinds and states, and how loudly each state is said. The same for operators and reviewers. */
import { daysBetween } from '../work/dates'
import type { Word } from '../work/words'
import type { Basics, BusinessScope, Device, Education, FilingState, NameOfPerson, Paper, PaperKind, Person, ResourceKind, ResourceParticulars, ResourceState, SparePart, TechnicalPost, Uncovered, Vehicle } from './types'

export const FILING: Record<FilingState, Word> = {
  draft: { text: '草稿', tone: 'info' },
  first_review: { text: '初审中', tone: 'primary' },
  second_review: { text: '二审中', tone: 'primary' },
  returned: { text: '已退回', tone: 'danger' },
  filed: { text: '已备案', tone: 'success' },
}

export const RESOURCE: Record<ResourceState, Word> = {
  draft: { text: '草稿', tone: 'info' },
  submitted: { text: '待审', tone: 'primary' },
  returned: { text: '已退回', tone: 'danger' },
  passed: { text: '已通过', tone: 'success' },
  filed: { text: '已备案', tone: 'success' },
  changed: { text: '有改动', tone: 'warning' },
  ended: { text: '已停用', tone: 'info' },
}

export const KINDS: Record<ResourceKind, string> = { person: '人员', device: '设备', vehicle: '车辆', spare_part: '备品备件' }
/** The measure word of each kind, for counts: 3 名, 2 台. */
export const UNITS: Record<ResourceKind, string> = { person: '名', device: '台', vehicle: '辆', spare_part: '项' }

export const SCOPES: Record<BusinessScope, string> = { wastewater: '水污染源', flue_gas: '烟气污染源', voc: '挥发性有机物', other: '其他' }
export const EDUCATIONS: Record<Education, string> = { secondary: '中专（高中）及以下', college: '大专', bachelor: '本科', master: '硕士', doctor: '博士', other: '其他' }
export const TECHNICAL_POSTS: Record<TechnicalPost, string> = { maintenance: '运维人员', technical_head: '技术负责人', quality_head: '质量负责人', quality_supervisor: '质量监督员', other: '其他' }
export const OWNERSHIPS: Record<Vehicle['ownership'], string> = { owned: '自有', leased: '租赁' }
export const SPARE_PART_KINDS: Record<SparePart['category'], string> = { spare_part: '备品备件', special_equipment: '专用设备' }

export const PAPERS: Record<PaperKind, string> = {
  competence_certificate: '运维能力评定证书', verification: '检定证书', calibration: '校准证书', vehicle_licence: '行驶证', lease: '租赁合同',
}
export const PAPERS_OF: Record<ResourceKind, PaperKind[]> = {
  person: ['competence_certificate'], device: ['verification', 'calibration'], vehicle: ['vehicle_licence', 'lease'], spare_part: [],
}

export const BASICS_FIELDS: Record<keyof Basics, string> = {
  name: '单位名称', uscc: '统一社会信用代码', registered_in: '登记所在地', registered_capital: '注册资金（万元）', address: '地址',
  scope: '业务范围', scope_other: '其他业务范围', projects: '在运维项目数（个）', project_amount: '在运维项目金额（万元）', staff: '员工人数',
  business_licence: '营业执照', workplace_proof: '工作场所证明',
}
export const PEOPLE_FIELDS = { legal_representative: '法定代表人', contact: '联系人' }

export const PERSON_FIELDS: Record<Exclude<keyof Person, 'kind'>, string> = {
  education: '学历', post: '岗位', title: '职称', technical_posts: '技术岗位', joined_on: '入职日期', account_id: '系统账户', papers: '证书',
}
export const DEVICE_FIELDS: Record<Exclude<keyof Device, 'kind'>, string> = {
  asset_number: '资产编号', serial_number: '出厂编号', name: '设备名称', model: '型号', measures: '测量参数', papers: '检定或校准证书',
}
export const VEHICLE_FIELDS: Record<Exclude<keyof Vehicle, 'kind'>, string> = { plate: '号牌号码', ownership: '车辆来源', papers: '证件' }
export const SPARE_PART_FIELDS: Record<Exclude<keyof SparePart, 'kind'>, string> = {
  category: '类别', name: '名称', model: '型号', number: '编号', quantity: '数量', value: '总价值（元）', place: '存放地点', papers: '证件',
}
export const RESOURCE_FIELDS: Record<ResourceKind, Record<string, string>> = { person: PERSON_FIELDS, device: DEVICE_FIELDS, vehicle: VEHICLE_FIELDS, spare_part: SPARE_PART_FIELDS }

type PaperField = Exclude<keyof Paper, 'kind' | 'paper_id'>
const PAPER_FIELDS: Record<PaperField, string> = {
  number: '证书编号', issuer: '发证机构', grade: '证书类别', holder: '承租方', valid_from: '有效期起', valid_to: '有效期止', scan: '扫描件',
}
const PAPER_WORDS: Record<PaperKind, Partial<Record<PaperField, string>>> = {
  competence_certificate: {},
  verification: { issuer: '检定机构' },
  calibration: { issuer: '校准机构' },
  vehicle_licence: { number: '档案编号', issuer: '发证机关' },
  lease: { number: '合同编号', issuer: '出租方' },
}
/** Which fields a paper of a kind has, in the order of its form. */
export const PAPER_FIELDS_OF: Record<PaperKind, PaperField[]> = {
  competence_certificate: ['number', 'grade', 'issuer', 'valid_from', 'valid_to', 'scan'],
  verification: ['number', 'issuer', 'valid_from', 'valid_to', 'scan'],
  calibration: ['number', 'issuer', 'valid_from', 'valid_to', 'scan'],
  vehicle_licence: ['number', 'valid_from', 'valid_to', 'scan'],
  lease: ['number', 'issuer', 'holder', 'valid_from', 'valid_to', 'scan'],
}
/** What a paper of this kind calls a field: the issuer of a lease is the lessor. */
export const paperField = (kind: PaperKind, field: string): string => PAPER_WORDS[kind][field as PaperField] ?? PAPER_FIELDS[field as PaperField] ?? field

/** 运维能力评定证书 沪-123; without a number its kind alone. */
export const paperTitle = ({ kind, number }: Pick<Paper, 'kind'> & { number?: string | null }): string => [PAPERS[kind], number].filter(Boolean).join(' ')

export const STEPS: Record<string, string> = {
  undertaking_given: '签署书面承诺', change_overdue: '变更逾期未申报', locked: '锁定', reactivation_asked: '申请激活', reactivated: '激活', cancelled: '注销或撤销', person_erased: '删除原法定代表人或联系人',
  begun: '开始备案', basics_changed: '填写基本信息', submitted: '提交', withdrawn: '撤回', review_opened: '审核人员已打开',
  first_review_passed: '初审通过', first_review_returned: '初审退回', second_review_passed: '二审通过', second_review_returned: '二审退回', filed: '已备案',
}
export const RESOURCE_STEPS: Record<string, string> = {
  added: '登记', corrected: '修改', paper_renewed: '换发证件', paper_revoked: '证件被撤销', paper_ending: '证件到期提醒', ended: '停用', person_erased: '删除姓名', passed: '二审未退回这一项',
  ...Object.fromEntries(['change_overdue', 'cancelled', 'submitted', 'withdrawn', 'first_review_passed', 'first_review_returned', 'second_review_passed', 'second_review_returned', 'filed'].map((what) => [what, STEPS[what]!])),
}

/** Papers that end within so many days are said in amber. */
export const SOON_DAYS = 60

/** How long a paper still holds, counted to its last day; null where no last day is known. */
export function daysLeft({ valid_to }: Pick<Paper, 'valid_to'>, today: string): number | null {
  return valid_to ? daysBetween(today, valid_to) : null
}

/** How many days are left, as a tag: red when the paper has ended or was revoked, amber when it soon ends. */
export function leftWord(days: number | null, revoked = false): Word {
  if (revoked) return { text: '已撤销', tone: 'danger' }
  if (days === null) return { text: '未填有效期', tone: 'info' }
  if (days < 0) return { text: `已过期 ${-days} 天`, tone: 'danger' }
  if (days === 0) return { text: '今天到期', tone: 'warning' }
  return { text: `还有 ${days} 天`, tone: days <= SOON_DAYS ? 'warning' : 'success' }
}

/** A lease that ends before a contract does. */
export const uncoveredText = ({ contract, last_day }: Pick<Uncovered, 'contract' | 'last_day'>): string => `租赁期不覆盖合同 ${contract}（至 ${last_day}）`

/** 2026-01-01 至 2027-01-01; what is not known is left open. */
export function period({ valid_from, valid_to }: Pick<Paper, 'valid_from' | 'valid_to'>): string {
  if (!valid_to && !valid_from) return '—'
  return valid_from ? `${valid_from} 至 ${valid_to ?? '未填'}` : `至 ${valid_to}`
}

/** A name as a person reads it, also where it cannot be read any more. */
export function personName(name: Pick<NameOfPerson, 'name' | 'erased' | 'lost'> | undefined): string {
  if (name?.erased) return '姓名已按要求删除'
  if (name?.lost) return '姓名无法读出，请重新填写'
  return name ? name.name || '未填写' : '姓名未读出'
}

type Titled = { kind: ResourceKind; title: string; id: string }
/** By what people recognise a resource: a person by the name, which the view does not have, and everything else by its title. */
export function resourceTitle({ kind, title, id }: Titled, names: ReadonlyMap<string, NameOfPerson>): string {
  return kind === 'person' ? `${personName(names.get(id))}（${title}）` : title
}

/** 水污染源、其他（噪声） */
export function scopeText({ scope, scope_other }: Pick<Basics, 'scope' | 'scope_other'>): string {
  return scope.map((code) => (code === 'other' && scope_other ? `其他（${scope_other}）` : SCOPES[code])).join('、')
}

/** The value of a field of the basics or of a resource as a person reads it; files and papers are shown by their own parts. */
export function fieldText(field: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return '—'
  if (Array.isArray(value)) return value.map((code) => wordOf(field, String(code))).join('、') || '—'
  return wordOf(field, String(value))
}
const CODED: Record<string, Record<string, string>> = { scope: SCOPES, education: EDUCATIONS, technical_posts: TECHNICAL_POSTS, ownership: OWNERSHIPS, category: SPARE_PART_KINDS }
const wordOf = (field: string, value: string): string => CODED[field]?.[value] ?? value

/** What a remark or a refusal is about, from its dotted name: papers.0.valid_to is 运维能力评定证书 · 有效期止. */
export function fieldTitle(field: string, of: ResourceParticulars | null): string {
  const [name = '', at, part] = field.split('.')
  if (!name) return '整体'
  if (!of) return { ...BASICS_FIELDS, ...PEOPLE_FIELDS }[name as keyof Basics] ?? name
  const paper = name === 'papers' && at !== undefined ? of.papers?.[Number(at)] : undefined
  if (!paper) return RESOURCE_FIELDS[of.kind][name] ?? (name === 'name' ? '姓名' : name)
  return [paperTitle(paper), part ? paperField(paper.kind, part) : ''].filter(Boolean).join(' · ')
}
