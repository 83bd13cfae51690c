import { BASICS_FIELDS, DEVICE_FIELDS, EDUCATIONS, OWNERSHIPS, PAPER_FIELDS_OF, paperField, PAPERS, PAPERS_OF, PERSON_FIELDS, SCOPES, SPARE_PART_FIELDS, SPARE_PART_KINDS, TECHNICAL_POSTS, VEHICLE_FIELDS } from '../words'
import type { PaperKind, ResourceKind } from '../types'

/** One field of a form of the filing. `key` is the name that the event has for it. */
export interface Field {
  key: string
  label: string
  kind: 'text' | 'plate' | 'number' | 'whole' | 'day' | 'choice' | 'choices' | 'file'
  required?: boolean
  choices?: { value: string; text: string }[]
  placeholder?: string
  hint?: string
  wide?: boolean
}

export const MAX_LENGTH = 200
const listed = (words: Record<string, string>) => Object.entries(words).map(([value, text]) => ({ value, text }))

/** `provinces`: the choices of where an operator is registered, which only the server knows. */
export const basicsFields = (provinces: { code: string; name: string }[], withOther: boolean): Field[] => [
  { key: 'name', label: BASICS_FIELDS.name, kind: 'text', required: true, placeholder: '与营业执照一致的全称', wide: true },
  { key: 'uscc', label: BASICS_FIELDS.uscc, kind: 'text', required: true, placeholder: '18 位' },
  { key: 'registered_in', label: BASICS_FIELDS.registered_in, kind: 'choice', required: true, choices: provinces.map(({ code, name }) => ({ value: code, text: name })) },
  { key: 'address', label: BASICS_FIELDS.address, kind: 'text', required: true, wide: true },
  { key: 'registered_capital', label: BASICS_FIELDS.registered_capital, kind: 'number', required: true },
  { key: 'staff', label: BASICS_FIELDS.staff, kind: 'whole', required: true },
  { key: 'scope', label: BASICS_FIELDS.scope, kind: 'choices', required: true, choices: listed(SCOPES), wide: true },
  ...(withOther ? [{ key: 'scope_other', label: BASICS_FIELDS.scope_other, kind: 'text', required: true, wide: true } satisfies Field] : []),
  { key: 'projects', label: BASICS_FIELDS.projects, kind: 'whole', required: true },
  { key: 'project_amount', label: BASICS_FIELDS.project_amount, kind: 'number', required: true },
]

/** They are personal data, so they travel beside the basics. */
export const PEOPLE: Field[] = [
  { key: 'legal_representative', label: '法定代表人', kind: 'text', placeholder: '姓名，加密保存' },
  { key: 'contact_name', label: '联系人', kind: 'text', placeholder: '姓名，加密保存' },
  { key: 'contact_phone', label: '联系电话', kind: 'text', placeholder: '加密保存' },
]

export const FILES: Field[] = [
  { key: 'business_licence', label: BASICS_FIELDS.business_licence, kind: 'file', hint: '可先保存草稿，提交前须上传' },
  { key: 'workplace_proof', label: BASICS_FIELDS.workplace_proof, kind: 'file', hint: '房产证或租赁合同；提交前须上传' },
]

/** A person's name stands beside the particulars, too. */
export const NAME: Field = { key: 'name', label: '姓名', kind: 'text', required: true, placeholder: '加密保存' }

const FORMS: Record<ResourceKind, Field[]> = {
  person: [
    { key: 'post', label: PERSON_FIELDS.post, kind: 'text', required: true, placeholder: '如：运维工程师' },
    { key: 'technical_posts', label: PERSON_FIELDS.technical_posts, kind: 'choices', required: true, choices: listed(TECHNICAL_POSTS), wide: true },
    { key: 'education', label: PERSON_FIELDS.education, kind: 'choice', choices: listed(EDUCATIONS) },
    { key: 'title', label: PERSON_FIELDS.title, kind: 'text', placeholder: '没有可不填' },
    { key: 'joined_on', label: PERSON_FIELDS.joined_on, kind: 'day', required: true },
  ],
  device: [
    { key: 'name', label: DEVICE_FIELDS.name, kind: 'text', required: true },
    { key: 'model', label: DEVICE_FIELDS.model, kind: 'text', required: true },
    { key: 'serial_number', label: DEVICE_FIELDS.serial_number, kind: 'text', required: true },
    { key: 'asset_number', label: DEVICE_FIELDS.asset_number, kind: 'text', required: true },
    { key: 'measures', label: DEVICE_FIELDS.measures, kind: 'text', placeholder: '如：化学需氧量', wide: true },
  ],
  vehicle: [
    { key: 'plate', label: VEHICLE_FIELDS.plate, kind: 'plate', required: true, placeholder: '如：沪A12345、沪AD12345' },
    { key: 'ownership', label: VEHICLE_FIELDS.ownership, kind: 'choice', required: true, choices: listed(OWNERSHIPS) },
  ],
  spare_part: [
    { key: 'category', label: SPARE_PART_FIELDS.category, kind: 'choice', required: true, choices: listed(SPARE_PART_KINDS) },
    { key: 'name', label: SPARE_PART_FIELDS.name, kind: 'text', required: true },
    { key: 'model', label: SPARE_PART_FIELDS.model, kind: 'text' },
    { key: 'number', label: SPARE_PART_FIELDS.number, kind: 'text' },
    { key: 'quantity', label: SPARE_PART_FIELDS.quantity, kind: 'number', required: true },
    { key: 'value', label: SPARE_PART_FIELDS.value, kind: 'number', required: true },
    { key: 'place', label: SPARE_PART_FIELDS.place, kind: 'text', required: true, wide: true },
  ],
}

/** `accounts`: the colleagues one of whom a person may be. `isNew`: nobody's name is known yet. */
export function fieldsOf(kind: ResourceKind, accounts: { id: string; label: string }[] = [], isNew = true): Field[] {
  if (kind !== 'person') return FORMS[kind]
  const choices = accounts.map(({ id, label }) => ({ value: id, text: label }))
  return [{ ...NAME, required: isNew }, ...FORMS.person, { key: 'account_id', label: PERSON_FIELDS.account_id, kind: 'choice', choices, placeholder: '没有账户可不选', hint: '此人在本系统中的账户' }]
}

const DAYS = ['valid_from', 'valid_to']
/** The fields of a paper; what a draft may leave open only the submission asks for. */
export const paperFields = (kind: PaperKind): Field[] =>
  PAPER_FIELDS_OF[kind].filter((key) => key !== 'scan').map((key) => ({
    key, label: paperField(kind, key), kind: DAYS.includes(key) ? 'day' : 'text',
    placeholder: key === 'holder' ? '应是本机构全称' : key === 'grade' ? '如：水污染源' : undefined,
  }))

export const paperKinds = (kind: ResourceKind) => PAPERS_OF[kind].map((value) => ({ value, text: PAPERS[value] }))
