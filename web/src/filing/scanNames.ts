import type { PaperKind } from './types'
import { PAPERS } from './words'

/** Under which name a scan is kept. That of a person's paper often names the person, and a file name outlives the erasure of the name. */
export function scanName(file: Pick<File, 'name'>, kind: PaperKind, ofPerson: boolean): string {
  const ending = /\.[a-z0-9]{1,5}$/i.exec(file.name)?.[0] ?? ''
  return ofPerson ? `${PAPERS[kind]}${ending.toLowerCase()}` : file.name
}
