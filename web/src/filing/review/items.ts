import type { Basics, NameOfPerson, Paper, People, ResourceParticulars, Scan, Uncovered } from '../types'
import { BASICS_FIELDS, fieldText, KINDS, paperField, PAPER_FIELDS_OF, paperTitle, PAPERS, PEOPLE_FIELDS, personName, RESOURCE_FIELDS, resourceTitle } from '../words'
import type { EarlierRemark, ResourceUnderReview, Review } from './types'

/** One field or paper that a reviewer passes or returns: as handed in, beside what is filed. */
export interface Item {
  key: string
  resourceId: string | null
  /** As a remark names it: in the particulars as handed in. */
  field: string
  label: string
  now: string
  /** Null where nothing is filed yet. */
  before: string | null
  changed: boolean
  files: Scan[]
  filesBefore: Scan[]
}

/** What is looked at together: the basics, or one person, device, vehicle or part. */
export interface Group {
  id: string
  title: string
  kind: string
  isNew: boolean
  items: Item[]
  remarks: EarlierRemark[]
  /** By whom a remark of an earlier review is named. */
  particulars: ResourceParticulars | null
  /** Contracts that the lease of a vehicle does not cover. */
  uncovered: readonly Uncovered[]
}

/** What particulars hold as codes and ids, as people read it. */
export interface Known {
  province: (code: string) => string
  account: (id: string) => string
  names: ReadonlyMap<string, NameOfPerson>
}

type Values = Record<string, unknown>
type Shown = Pick<Item, 'now' | 'files'>
const FILES: readonly string[] = ['business_licence', 'workplace_proof']
const scanText = (scan: Scan | null | undefined) => (scan ? (scan.name ?? '已上传') : '—')

function shownOf(field: string, value: unknown, known: Known): Shown {
  if (FILES.includes(field)) return { now: scanText(value as Scan | null), files: value ? [value as Scan] : [] }
  if (field === 'registered_in') return { now: known.province(String(value ?? '')), files: [] }
  if (field === 'account_id' && value) return { now: known.account(String(value)), files: [] }
  return { now: fieldText(field, value), files: [] }
}

/** Beside each other; files are the same where their bytes are. */
function beside(about: Pick<Item, 'key' | 'resourceId' | 'field' | 'label'>, now: Shown, before: Shown | null): Item {
  const same = (first: Shown, second: Shown) => first.now === second.now && first.files.map(sha).join() === second.files.map(sha).join()
  return { ...about, ...now, before: before?.now ?? null, filesBefore: before?.files ?? [], changed: before !== null && !same(now, before) }
}
const sha = (file: Scan) => file.sha256

/** The difference of two particulars, field by field in the order of their form. */
export function fieldItems(fields: Record<string, string>, now: Values, before: Values | null, resourceId: string | null, known: Known): Item[] {
  return Object.entries(fields).map(([field, label]) =>
    beside({ key: `${resourceId ?? ''}/${field}`, resourceId, field, label }, shownOf(field, now[field], known), before && shownOf(field, before[field], known)),
  )
}

/** A line for each field of a paper. */
function paperShown(paper: Paper): Shown {
  const parts = PAPER_FIELDS_OF[paper.kind].filter((field) => field !== 'scan').map((field) => `${paperField(paper.kind, field)} ${paper[field] ?? '—'}`)
  return { now: [...parts, `扫描件 ${scanText(paper.scan)}`].join('\n'), files: paper.scan ? [paper.scan] : [] }
}

/** Papers are the same paper by their id, wherever they stand; one that is gone is named, too. */
function paperItems({ id, now, before }: ResourceUnderReview): Item[] {
  const was = new Map((before?.papers ?? []).map((paper) => [paper.paper_id, paper]))
  const kept = (now.papers ?? []).map((paper, at) => {
    const old = was.get(paper.paper_id)
    const item = beside({ key: `${id}/${paper.paper_id}`, resourceId: id, field: `papers.${at}`, label: PAPERS[paper.kind] }, paperShown(paper), old ? paperShown(old) : null)
    was.delete(paper.paper_id)
    return before && !old ? { ...item, before: '—', changed: true } : item
  })
  const gone = [...was.values()].map((paper) => beside({ key: `${id}/${paper.paper_id}`, resourceId: id, field: 'papers', label: paperTitle(paper) }, { now: '不再登记', files: [] }, paperShown(paper)))
  return [...kept, ...gone]
}

function endItem({ id, kind, ended_on }: ResourceUnderReview): Item[] {
  if (!ended_on) return []
  return [beside({ key: `${id}/`, resourceId: id, field: '', label: kind === 'person' ? '离职' : '停用' }, { now: `最后一天 ${ended_on}`, files: [] }, { now: '在用', files: [] })]
}

function nameItem({ id, kind }: ResourceUnderReview, known: Known): Item[] {
  if (kind !== 'person') return []
  return [beside({ key: `${id}/name`, resourceId: id, field: 'name', label: '姓名' }, { now: personName(known.names.get(id)), files: [] }, null)]
}

export function resourceGroup(resource: ResourceUnderReview, known: Known): Group {
  const { papers: _, ...fields } = RESOURCE_FIELDS[resource.kind]
  const items = [...endItem(resource), ...nameItem(resource, known), ...fieldItems(fields, { ...resource.now }, resource.before && { ...resource.before }, resource.id, known), ...paperItems(resource)]
  return { id: resource.id, title: resourceTitle(resource, known.names), kind: KINDS[resource.kind], isNew: !resource.before, items, remarks: resource.earlier_remarks, particulars: resource.now, uncovered: resource.uncovered ?? [] }
}

/** Names of people are encrypted, so there is nothing to compare them with. */
function peopleItems(people: People): Item[] {
  const { legal_representative: representative, contact } = people
  const phone = contact.phone ? ` ${contact.phone}` : ''
  const texts = { legal_representative: personName(representative), contact: personName(contact) + phone }
  return Object.entries(PEOPLE_FIELDS).map(([field, label]) => beside({ key: `/${field}`, resourceId: null, field, label }, { now: texts[field as keyof typeof texts], files: [] }, null))
}

export function basicsGroup(now: Basics, before: Basics | null, people: People, remarks: EarlierRemark[], known: Known): Group {
  const { scope_other: other, ...others } = BASICS_FIELDS
  const fields = now.scope_other || before?.scope_other ? { ...others, scope_other: other } : others
  const items = [...fieldItems(fields, { ...now }, before && { ...before }, null, known), ...peopleItems(people)]
  return { id: '', title: '备案基本信息', kind: '', isNew: !before, items, remarks, particulars: null, uncovered: [] }
}

/** All that the present stage of the review is about. */
export function groupsOf(review: Review, people: People, known: Known): Group[] {
  if (review.stage === 'second_review') return review.resources.map((resource) => resourceGroup(resource, known))
  return review.basics ? [basicsGroup(review.basics.now, review.basics.before, people, review.basics.earlier_remarks, known)] : []
}

/** Whether it was returned and comes again as it was. A remark on a field of a paper is about the paper. */
export const isUnchanged = (item: Pick<Item, 'field'>, remarks: readonly EarlierRemark[]): boolean =>
  remarks.some(({ field, unchanged }) => unchanged && field !== '' && (field === item.field || field.startsWith(`${item.field}.`)))
