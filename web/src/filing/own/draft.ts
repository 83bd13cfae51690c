/** What stands in the forms of a filing, and what of it is sent. Blanks are texts in a form and absent in what is sent. Pure. */
import { newUuid } from '../../api/key'
import type { Problem } from '../../api/problem'
import type { FileRef } from '../../api/types'
import type { Errors } from '../../forms/errors'
import type { Paper, PaperKind, People, ResourceBody, ResourceKind, ResourceParticulars } from '../types'
import { NAME, PEOPLE, type Field } from './fields'

/** As it is painted: half-width capitals without blanks. The server does the same. */
export const normalisedPlate = (text: string): string => text.normalize('NFKC').replace(/\s+/g, '').toUpperCase()

export type Values = Record<string, unknown>

/** Every field present, so that each change is seen. */
export function startOf(fields: Field[], from: Values = {}): Values {
  return Object.fromEntries(fields.map(({ key, kind }) => [key, copy(kind, from[key])]))
}

function copy(kind: Field['kind'], value: unknown): unknown {
  if (kind === 'choices') return [...((value as string[] | undefined) ?? [])]
  return kind === 'file' ? (value ?? null) : value === null || value === undefined ? '' : String(value)
}

/** What is sent of a form: blanks as null, whole numbers as numbers. */
export function sentOf(fields: Field[], values: Values): Values {
  return Object.fromEntries(fields.map(({ key, kind }) => [key, cleaned(kind, values[key])]))
}

function cleaned(kind: Field['kind'], value: unknown): unknown {
  if (typeof value !== 'string') return value ?? null
  const text = kind === 'plate' ? normalisedPlate(value) : value.trim()
  return text === '' ? null : kind === 'whole' ? Number(text) : text
}

const NUMBER = /^\d{1,10}(\.\d{1,6})?$/
const WHOLE = /^\d{1,9}$/

/** What is missing or no number, before anything is sent. The server checks everything again. */
export function problemsOf(fields: Field[], values: Values): Errors {
  return Object.fromEntries(fields.map((field) => [field.key, problemOf(field, values[field.key])]).filter(([, sentence]) => sentence))
}

function problemOf({ label, kind, required }: Field, value: unknown): string {
  const text = typeof value === 'string' ? value.trim() : ''
  if (Array.isArray(value) ? !value.length : !text && !(value && typeof value === 'object')) return required ? `请填写${label}。` : ''
  if (kind === 'number' && !NUMBER.test(text)) return `${label}应为数字。`
  return kind === 'whole' && !WHOLE.test(text) ? `${label}应为整数。` : ''
}

// Papers

const TEXTS = ['number', 'issuer', 'grade', 'holder', 'valid_from', 'valid_to'] as const
/** A paper as it is typed; its id is the same in every version. */
export type PaperDraft = Record<(typeof TEXTS)[number], string> & { paper_id: string; kind: PaperKind; scan: FileRef | null }

export const newPaper = (kind: PaperKind): PaperDraft => ({ paper_id: newUuid(), kind, number: '', issuer: '', grade: '', holder: '', valid_from: '', valid_to: '', scan: null })

export const draftOfPaper = (paper: Paper): PaperDraft => ({
  ...newPaper(paper.kind), ...Object.fromEntries(TEXTS.map((key) => [key, paper[key] ?? ''])), paper_id: paper.paper_id, scan: paper.scan ?? null,
})

export const sentPaper = (draft: PaperDraft): Paper => ({
  paper_id: draft.paper_id, kind: draft.kind, ...Object.fromEntries(TEXTS.map((key) => [key, draft[key].trim() || null])), scan: draft.scan,
})

/** Nothing was typed of it, and no scan is there. */
export const isBlank = (draft: PaperDraft): boolean => !draft.scan && TEXTS.every((key) => !draft[key].trim())

/** A new paper of the same kind, with what stays the same from one to the next. */
export const renewalOf = (old: Paper): PaperDraft => ({ ...newPaper(old.kind), issuer: old.issuer ?? '', grade: old.grade ?? '', holder: old.holder ?? '' })

export const reversed = ({ valid_from, valid_to }: Pick<PaperDraft, 'valid_from' | 'valid_to'>): boolean => !!valid_from && !!valid_to && valid_to < valid_from

/** Of what is typed of papers, what cannot be right. */
export function paperProblems(papers: PaperDraft[]): Errors {
  return Object.fromEntries(papers.flatMap((paper, at) => (reversed(paper) ? [[`papers.${at}.valid_to`, '有效期止早于有效期起，请核对。']] : [])))
}

/** The scans that were not there before: of them the files service has to say that they are stored. */
export function newFiles(papers: { scan?: FileRef | null }[], known: { scan?: FileRef | null }[] = []): FileRef[] {
  const before = new Set(known.map(({ scan }) => scan?.sha256))
  return papers.flatMap(({ scan }) => (scan && !before.has(scan.sha256) ? [scan] : []))
}

/** What a resource is sent as. A person's name stands beside the particulars, and only where it was typed anew. */
export function resourceBody(kind: ResourceKind, fields: Field[], values: Values, papers: PaperDraft[], knownName: string): Pick<ResourceBody, 'particulars' | 'name'> {
  const beside = (key: string) => kind === 'person' && key === NAME.key
  const particulars = { kind, ...sentOf(fields.filter(({ key }) => !beside(key)), values), papers: papers.map(sentPaper) } as unknown as ResourceParticulars
  const name = kind === 'person' ? String(values.name ?? '').trim() : ''
  return { particulars, ...(name && name !== knownName ? { name } : {}) }
}

// People of the basics

export const startOfPeople = (known: People | null): Values => ({
  legal_representative: known?.legal_representative.name ?? '', contact_name: known?.contact.name ?? '', contact_phone: known?.contact.phone ?? '',
})

/** Who was typed anew; who is blank stays as before. */
export function peopleOf(values: Values, known: People | null) {
  const [typed, before] = [sentOf(PEOPLE, values), startOfPeople(known)]
  const name = typed.legal_representative
  const contact = { name: String(typed.contact_name ?? ''), phone: String(typed.contact_phone ?? '') }
  const changed = contact.name !== before.contact_name || contact.phone !== before.contact_phone
  return {
    ...(name && name !== before.legal_representative ? { legal_representative: { name: String(name) } } : {}),
    ...(contact.name && contact.phone && changed ? { contact } : {}),
  }
}

/** A name without a number, or a number without a name, helps nobody. */
export function contactProblems(values: Values): Errors {
  const [name, phone] = [String(values.contact_name ?? '').trim(), String(values.contact_phone ?? '').trim()]
  if (name && !phone) return { contact_phone: '请填写联系电话。' }
  if (phone && !name) return { contact_name: '请填写联系人。' }
  return phone && !/^[0-9+\-（）() ]{3,30}$/.test(phone) ? { contact_phone: '电话只能有数字、空格、括号、加号和连字符。' } : {}
}

// What the server says

const TAKEN: Record<string, [field: string, sentence: string]> = {
  'operator-uscc.taken': ['uscc', '该统一社会信用代码已由另一家机构用于备案，请核对。'],
  'plate.taken': ['plate', '该号牌已登记在另一条车辆中，请核对；车辆转来的，请原机构先改正。'],
  'device-serial.taken': ['serial_number', '本机构已登记过同一型号、同一出厂编号的设备，请核对。'],
}

/** Sentences by the fields of a form, also those of a number that another has already. */
export function saidByForm(problem: Problem, papers: Pick<PaperDraft, 'number'>[] = []): Errors {
  const found: Errors = {}
  for (const { field, sentence } of problem.errors) {
    const name = fieldOfForm(field)
    found[name] = (found[name] ?? '') + sentence
  }
  const taken = TAKEN[problem.code]
  if (taken) found[taken[0]] = taken[1]
  if (problem.code === 'certificate-number.taken') found[numberAt(papers, problem.details.value)] = '该证书编号已登记在另一名人员名下，请核对。'
  return found
}

function numberAt(papers: Pick<PaperDraft, 'number'>[], value: unknown): string {
  const at = papers.findIndex((paper) => paper.number.trim() === value)
  return at < 0 ? 'papers' : `papers.${at}.number`
}

/** `basics.name` is `name`, `contact.phone` is `contact_phone`, and a union names its kind: `particulars.person.post`. */
export function fieldOfForm(field: string): string {
  const plain = field.replace(/^(basics|particulars)\./, '').replace(/^(person|device|vehicle|spare_part)\./, '')
  return plain.replace(/^contact\.(name|phone)$/, 'contact_$1').replace(/^contact$/, 'contact_name').replace(/^legal_representative\.name$/, 'legal_representative')
}

/** Where something that a submission still lacks is filled in. */
export function placeOf(field: string): { resource: string | null; field: string } {
  const found = /^resources\.([0-9a-f-]{36})\.?(.*)$/.exec(field)
  return found ? { resource: found[1]!, field: fieldOfForm(found[2]!) } : { resource: null, field: field === 'basics' ? '' : fieldOfForm(field) }
}

// Somebody else's change

const same = (first: unknown, second: unknown): boolean => JSON.stringify(first ?? '') === JSON.stringify(second ?? '')

/** What I have typed, over what another has saved meanwhile; `both`: fields that we both changed, where mine is kept. */
export function rebased(base: Values, theirs: Values, mine: Values): { values: Values; theirs: string[]; both: string[] } {
  const changed = Object.keys(mine).filter((key) => !same(base[key], theirs[key]))
  const untouched = changed.filter((key) => same(base[key], mine[key]))
  const both = changed.filter((key) => !untouched.includes(key) && !same(theirs[key], mine[key]))
  return { values: { ...mine, ...Object.fromEntries(untouched.map((key) => [key, theirs[key]])) }, theirs: untouched, both }
}

/** What a paper still lacks, as a list says it. */
export const paperLack = (paper: Pick<Paper, 'scan' | 'valid_to'>): string[] => [...(paper.scan ? [] : ['扫描件未上传']), ...(paper.valid_to ? [] : ['未填有效期'])]
