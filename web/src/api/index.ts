import { BROKEN_OFF, OFFLINE, problemOf } from './problem'
import type { Accepted, Page } from './types'

type Query = Record<string, string | number | null | undefined>

const WRITTEN_FOR_MS = 5_000
let written: { answer: Accepted; at: number } | null = null
let onMissingSession: () => void = () => undefined
let onAnswer: (response: Response) => void = () => undefined

/** What happens when the session is over; the router decides. */
export function whenSessionEnds(then: () => void): void {
  onMissingSession = then
}

/** Who wants to see every answer's head, such as the server's clock. */
export function whenAnswered(then: (response: Response) => void): void {
  onAnswer = then
}

async function send(path: string, init: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await fetch(`/api${path}`, { credentials: 'same-origin', ...init })
  } catch {
    throw OFFLINE
  }
  onAnswer(response)
  if (response.ok) return response
  const problem = await problemOf(response)
  if (problem.code === 'session.missing' && path !== '/session') onMissingSession()
  throw problem
}

/** The answer's content. Where it breaks off on its way, the same question may be asked again: nothing was refused. */
async function content<T>(response: Response): Promise<T> {
  try {
    return (await response.json()) as T
  } catch {
    throw BROKEN_OFF
  }
}

export function withQuery(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== '')
  return given.length ? `${path}?${new URLSearchParams(given.map(([k, v]) => [k, String(v)]))}` : path
}

const STREAMS_OF: [RegExp, RegExp][] = [
  [/^\/views\/confirmations/, /^confirmation-/],
  [/^\/views\/(visits|plans|contracts|cycles|tasks)/, /^(visit|plan|contract)-/],
  [/^\/views\/(enterprises|enterprise-changes|points|instruments|history)/, /^(enterprise|outlet|monitoring_point|instrument)-/],
]

/** Whether the model behind a path follows a stream: who waits for one that it never hears of waits in vain. */
function knows(path: string, stream: string): boolean {
  return STREAMS_OF.some(([paths, streams]) => paths.test(path) && streams.test(stream))
}

/** A view's answer. Shortly after a command it waits until the view has seen it. */
export async function get<T>(path: string, query: Query = {}): Promise<T> {
  const headers: Record<string, string> = {}
  if (written && knows(path, written.answer.stream) && Date.now() - written.at < WRITTEN_FOR_MS) {
    headers['If-Version-At-Least'] = `${written.answer.stream}@${written.answer.version}`
  }
  return content<T>(await send(withQuery(path, query), { headers }))
}

const NAME = /filename\*=UTF-8''([^;]+)/

/** A file to keep, by the name that the server gives it. */
export async function fetchFile(path: string): Promise<File> {
  const response = await send(path, {})
  const given = NAME.exec(response.headers.get('Content-Disposition') ?? '')
  const name = given?.[1] ? decodeURIComponent(given[1]) : (path.split('/').pop() ?? '')
  try {
    return new File([await response.blob()], name)
  } catch {
    throw BROKEN_OFF
  }
}

/** Every row of a list that is short by nature, such as one point's instruments, over all its pages. */
export async function everyPage<T>(path: string, query: Query): Promise<T[]> {
  const found: T[] = []
  let after: string | null = null
  do {
    const page: Page<T> = await get<Page<T>>(path, { ...query, after })
    found.push(...page.items)
    after = page.next
  } while (after)
  return found
}

/** A command to the register. `version` is what the change was based on. */
export function command(path: string, body: unknown, key: string, version?: number): Promise<Accepted> {
  return commandAt(`/registry${path}`, body, key, version)
}

/** A command to the service that the path names first. */
export async function commandAt(path: string, body: unknown, key: string, version?: number): Promise<Accepted> {
  const headers: Record<string, string> = { 'Content-Type': 'application/json', 'Idempotency-Key': key }
  if (version !== undefined) headers['If-Match'] = `"${version}"`
  const response = await send(path, { method: 'POST', headers, body: JSON.stringify(body) })
  const answer = await content<Accepted>(response)
  written = { answer, at: Date.now() }
  return answer
}

export async function post<T>(path: string, body: unknown): Promise<T> {
  const headers = { 'Content-Type': 'application/json' }
  const response = await send(path, { method: 'POST', headers, body: JSON.stringify(body) })
  return response.status === 204 ? (undefined as T) : content<T>(response)
}

export async function remove(path: string): Promise<void> {
  await send(path, { method: 'DELETE' })
}

export async function upload<T>(path: string, form: FormData, key: string): Promise<T> {
  return content<T>(await send(path, { method: 'POST', headers: { 'Idempotency-Key': key }, body: form }))
}
