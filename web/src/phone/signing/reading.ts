/** One confirmation with all that a signer must see: read from the server, and kept on the phone to be read again. */
import { newKey } from '../../api/key'
import { tellOriginals } from '../../api/originals'
import type { Confirmation, Visit } from '../../api/types'
import { confirmation as askConfirmation, labels, openConfirmation, visit as askVisit } from '../../api/work'
import { patiently } from '../../work/loading'
import { originalsOf, type Originals } from '../../work/originals'
import { peopleOf } from '../../work/visits/content'
import type { PhoneDatabase } from '../database'
import type { Forms } from '../forms'
import { formsOfDay } from './dated'
import { readKey } from './listing'

export interface Read {
  confirmation: Confirmation
  visit: Visit
  names: Record<string, string>
  /** Only the forms that this visit is written on. */
  forms: Forms
  missing: string[]
  ofVisit: number
  at: string
}

export const keptRead = (db: PhoneDatabase, id: string): Promise<Read | null> => db.thing<Read>(readKey(id))
export const originalsIn = (read: Read): Originals => ({ missing: new Set(read.missing), ofVisit: read.ofVisit })

async function formsFor(visit: Visit): Promise<Forms> {
  const { contents, forms, register_fields } = await formsOfDay(visit.day)
  const isUsed = (name: string, version: number): boolean => visit.sheets.some(({ revisions }) => revisions.some((sheet) => sheet.form === name && sheet.form_version === version))
  return { contents, register_fields, forms: forms.filter(({ form, version }) => isUsed(form, version)) }
}

async function ask(id: string): Promise<Read> {
  const confirmation = await askConfirmation(id)
  const visit = await askVisit(confirmation.visit_id)
  const people = [...new Set([...peopleOf(visit), ...visit.certificates.map(({ account }) => account), ...confirmation.steps.map(({ by }) => by)])].filter((account): account is string => !!account)
  const [names, forms, known] = await Promise.all([
    labels(people, `/views/visits/${visit.id}`).catch(() => ({})), formsFor(visit), originalsOf({ ...visit, confirmation }),
  ])
  return { confirmation, visit, names, forms, missing: [...known.missing], ofVisit: known.ofVisit, at: new Date().toISOString() }
}

export async function read(db: PhoneDatabase, id: string): Promise<Read> {
  const found = await patiently(() => ask(id))
  await db.keep(readKey(id), found)
  return found
}

/** That somebody of the enterprise looked, and that every original was there: facts of their own. That they could not be told keeps nobody from reading. */
export async function tellRead({ confirmation, ofVisit }: Read): Promise<void> {
  if (!ofVisit) await tellOriginals([confirmation]).catch(() => undefined)
  if (confirmation.state === 'requested') await openConfirmation(confirmation.id, newKey()).catch(() => undefined)
}
