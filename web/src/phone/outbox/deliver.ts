import { Problem } from '../../api/problem'
import type { FileKept } from '../types'
import type { Operation, Refusal } from './operation'

export interface UploadState {
  state: 'receiving' | 'checking' | 'stored' | 'refused' | 'unknown'
  sha256: string | null
  code?: string | null
  sentence?: string | null
}

/** The way to the server, as the queue needs it. Every failure is a `Problem`. */
export interface Wire {
  /** Whose session this is, or null when it is over. */
  whoAmI(): Promise<string | null>
  command(path: string, body: unknown, key: string): Promise<void>
  /** Sends what is missing, from where an earlier try ended, and says the upload's address as soon as it has one. */
  upload(file: FileKept, url: string | null, heard: (url: string, sent: number) => Promise<void>): Promise<string>
  uploadState(url: string): Promise<UploadState>
}

export type Outcome =
  | { is: 'done' }
  | { is: 'later'; whole: boolean }
  | { is: 'checking' }
  | { is: 'again' }
  | { is: 'anew' }
  | { is: 'parked'; refusal: Refusal }
  | { is: 'session' }
  | { is: 'restricted' }
  | { is: 'other-account' }

/** Another try may end otherwise: the network, a server that is down, too busy or too slow. */
const PASSING = new Set([0, 408, 425, 429])
/** So may these: others of ours are being sent, or it was no service of ours that answered but something on the way. */
const PASSING_CODES = new Set(['upload.too-many', 'upload.busy', 'answer.unreadable', 'upload.failed'])
/** The server knows better how far the bytes have come, or has let the upload go. */
const GO_ON_CODES = new Set(['upload.offset'])
const ANEW_CODES = new Set(['upload.expired', 'upload.missing'])
/** A clock that goes wrong is no reason to keep the work back: the claim stays as it is, an elder server may be replaced. */
const CLOCK_RULES = new Set(['moment_out_of_range', 'timezone_aware'])

/** What a failure means for the thing that was sent. Whatever is not the server's own clear no may be tried again. */
export function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof Problem)) return { is: 'later', whole: false }
  if (error.status === 401) return { is: 'session' }
  if (error.code === 'session.restricted') return { is: 'restricted' }
  if (error.code === 'session.other-account') return { is: 'other-account' }
  if (GO_ON_CODES.has(error.code)) return { is: 'again' }
  if (ANEW_CODES.has(error.code)) return { is: 'anew' }
  if (PASSING.has(error.status) || PASSING_CODES.has(error.code) || error.status >= 500) return { is: 'later', whole: error.status === 0 }
  if (error.errors.length && error.errors.every((one) => CLOCK_RULES.has(one.rule))) return { is: 'later', whole: false }
  return { is: 'parked', refusal: { status: error.status, code: error.code, sentence: error.title, errors: error.errors } }
}

export async function deliverCommand(wire: Wire, one: Operation): Promise<Outcome> {
  try {
    await wire.command(one.path, one.body, one.id)
    return { is: 'done' }
  } catch (error) {
    return outcomeOf(error)
  }
}

/** Bytes count as arrived only when the server names the same hash; everything short of that is asked again. */
export async function deliverFile(wire: Wire, one: Operation, file: FileKept, heard: (url: string | null, sent: number) => Promise<void>): Promise<Outcome> {
  try {
    const before = one.upload_url ? await wire.uploadState(one.upload_url) : null
    if (before?.state === 'unknown') await heard(null, 0)
    if (before && before.state !== 'receiving' && before.state !== 'unknown') return judged(before, file)
    const url = await wire.upload(file, before?.state === 'receiving' ? one.upload_url : null, heard)
    return judged(await wire.uploadState(url), file)
  } catch (error) {
    const outcome = outcomeOf(error)
    if (outcome.is === 'anew') await heard(null, 0)
    return outcome
  }
}

function judged(seen: UploadState, file: FileKept): Outcome {
  if (seen.state === 'stored' && seen.sha256 === file.sha256) return { is: 'done' }
  if (seen.state === 'checking') return { is: 'checking' }
  if (seen.state === 'receiving' || seen.state === 'unknown') return { is: 'again' }
  const sentence = seen.sentence ?? '服务器收到的文件与本机的不一致，请重新上传。'
  return { is: 'parked', refusal: { status: 422, code: seen.code ?? 'file.hash', sentence, errors: [] } }
}
