/** What the phone takes along, which is as the server sends it, and what it keeps. */
import type { Taken } from '../sheets'
import type { Backfill, CycleRef, FileRef, Fix, Medium, SheetRevision as ServerRevision, Task as ServerTask, Used, Values } from '../api/types'

export type { Colleague, CycleRef, FileRef, Fix, OwnCertificate, Place, Sheet as VisitSheet, TaskDevice, TaskPart, Used, UsedDevice, Values, Visit as VisitSeen, VisitRow } from '../api/types'
/** A point that was taken along. Of a visit that another phone began elsewhere, what the visit itself says of the point. */
export type Task = Omit<ServerTask, 'point' | 'contract_id' | 'operator_name' | 'last_of_factor' | 'devices'> & Partial<Pick<ServerTask, 'last_of_factor' | 'devices'>> & { point: Omit<ServerTask['point'], 'medium'> & { medium: Medium | null }; contract_id: string | null; operator_name?: string }
export type Work = Task['work'][number]

export interface Opening { point_id: string; contract_id: string | null; cycles: CycleRef[]; claimed_at: string }

export type BackfillClass = Backfill['reason_class']

/** A visit as this phone made it. It exists here whether or not the server has heard of it. */
export interface Visit {
  id: string
  opening: Opening
  task: Task
  day: string
  contents: string[]
  sign_in: { claimed_at: string; companions: string[]; fix: Fix | null } | null
  obstruction: { what: string; claimed_at: string } | null
  backfill: { reason_class: BackfillClass; explanation: string; claimed_at: string; arrived_at?: string; left_at?: string } | null
  abort: { reason: string; claimed_at: string } | null
  /** Serial numbers of the devices that the technician chose; absent: those of the plans. */
  used_devices?: string[]
  sign_out: { claimed_at: string; sheets: string[]; photos: string[] } | null
}

/** A record sheet as written so far. Every keystroke lands here. */
export interface Sheet {
  id: string
  visit: string
  form: string
  form_version: number
  title: string
  content: string
  instruments: string[]
  values: Values
  used: Used[]
  /** Fields that were answered 正常 with one tap for their group. */
  filled_by_group?: string[]
  /** What the register gave, of the instruments that this phone knows; of others, what the revision said that it took over. */
  taken?: Taken[]
  /** When the draft was opened, and how long it took before it was last finished. */
  opened_at?: string
  filled_seconds?: number
  /** The revision that this phone took over: what it says of the register is true as long as its values stand. */
  adopted?: { values: Values; taken: Taken[] }
  /** Revision ids that the next one supersedes. */
  heads: string[]
  state: 'draft' | 'done'
  touched_at: string
}

export interface PhotoKept {
  id: string
  visit: string
  of: string
  original: FileRef
  shown: FileRef | null
  taken_at: string
}

/** The bytes of a file, until the server has acknowledged them by hash. */
export interface FileKept { sha256: string; media_type: string; name: string; bytes: ArrayBuffer }

/** A state of a sheet, the server's or this phone's own: who wrote it and when it came, the server says. */
export type SheetRevision = Omit<ServerRevision, 'by' | 'received_at'> & Partial<Pick<ServerRevision, 'by' | 'received_at'>>
