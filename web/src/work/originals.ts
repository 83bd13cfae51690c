import { inject, provide, ref, type InjectionKey, type Ref } from 'vue'
import { evidence, missingOfConfirmation, missingOfVisit } from '../api/work'
import type { FileRef, MissingFiles, Visit } from '../api/types'

/** Files that facts name and whose originals are still on some phone: a page says so instead of showing a broken picture. */
export const NOT_UPLOADED = '原件尚未上传'

/** The original is stored, but the picture of it does not come. */
export const NOT_SHOWN = '图片暂时不能显示，请稍后刷新'

export interface Originals {
  /** By hash. */
  missing: ReadonlySet<string>
  /** How many of them belong to the visit: while there is one, nobody signs. */
  ofVisit: number
}

const NONE: Originals = { missing: new Set(), ofVisit: 0 }
const KEY: InjectionKey<Ref<Originals>> = Symbol('originals')

/** Whoever cannot be asked says nothing: the page is shown all the same, and a signature is refused by the server. */
const orNone = (asked: Promise<MissingFiles>): Promise<MissingFiles> => asked.catch(() => ({ files: 0, missing: [] }))

/** Only what names a file is asked about. */
export async function originalsOf(visit: Visit): Promise<Originals> {
  const [names, found] = [visit.photos.length > 0 || !!visit.sign_out, visit.confirmation]
  const shows = !!found?.signature || found?.steps.some((step) => step.photos?.length)
  const [done, said] = await Promise.all([names ? orNone(missingOfVisit(visit.id)) : null, shows && found ? orNone(missingOfConfirmation(found.id)) : null])
  const missing = done?.missing ?? []
  return { missing: new Set([...missing, ...(said?.missing ?? [])]), ofVisit: missing.length }
}

/** For a page: what the pictures on it ask. */
export function provideOriginals(): Ref<Originals> {
  const originals = ref(NONE) as Ref<Originals>
  provide(KEY, originals)
  return originals
}

export const useOriginals = (): Ref<Originals> => inject(KEY, () => ref(NONE) as Ref<Originals>, true)

const tokens = new Map<string, Promise<string>>()

/** The word of files for photographs that a command names: one for each intent, since a retry must say the very same. */
export async function evidenceFor(photos: readonly FileRef[], key: string): Promise<string | undefined> {
  if (!photos.length) return undefined
  const token = tokens.get(key) ?? evidence([], photos.map((one) => one.sha256)).then((given) => given.token)
  tokens.set(key, token)
  token.catch(() => tokens.delete(key))
  return token
}
