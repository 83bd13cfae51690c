import createClient from 'openapi-fetch'
import { BROKEN_OFF, OFFLINE, Problem, problemOf } from './problem'
import type { paths } from './schema'
import type { Accepted, Page } from './types'
import { marks, PAGE_ACCOUNT } from './use'

// What each route takes and answers, by its path in the OpenAPI document.
type Json<R> = R extends { content: { 'application/json': infer T } } ? T : never
type Read<P extends keyof paths> = paths[P] extends { get: { responses: { 200: infer R } } } ? Json<R> : never
type Posted<P extends keyof paths> = paths[P] extends { post: { responses: { 200: infer R } } } ? Json<R> : paths[P] extends { post: { responses: { 201: infer R } } } ? Json<R> : paths[P] extends { post: { responses: { 204: unknown } } } ? undefined : never
type Puttable = { [P in keyof paths]: paths[P] extends { put: object } ? P : never }[keyof paths]
type PutBody<P extends keyof paths> = paths[P] extends { put: { requestBody: infer B } } ? Json<B> : never
type Body<P extends keyof paths> = paths[P] extends { post: { requestBody: infer B } } ? Json<B> : never
type Readable = { [P in keyof paths]: [Read<P>] extends [never] ? never : P }[keyof paths]
type Postable = { [P in keyof paths]: [Posted<P>] extends [never] ? never : P }[keyof paths]
type Commandable = { [P in keyof paths]: paths[P] extends { post: { responses: { 202: { content: { 'application/json': Accepted } } } } } ? P : never }[keyof paths]
type Listed = { [P in Readable]: Read<P> extends Page<unknown> ? P : never }[Readable]
type Deletable = { [P in keyof paths]: paths[P] extends { delete: object } ? P : never }[keyof paths]
/** Names are checked. A value may be any text, since filters stand in the page's address; empty means: not narrowed. */
type Query<Q> = { [K in keyof Q]: string | number | boolean | null }
type Place<O> = O extends { parameters: { path: infer Path } } ? { path: Path } : { path?: never }
type Params<O> = Place<O> & (O extends { parameters: { query?: infer Q } } ? { query?: Query<Q> } : { query?: never })
type Given<T> = object extends T ? [given?: T] : [given: T]

const SESSION = '/api/session'
const WRITTEN_FOR_MS = 5_000
let written: { answer: Accepted; at: number } | null = null
let onMissingSession: () => void = () => undefined
let onRestriction: () => void = () => undefined
let onOtherAccount: () => void = () => undefined
let onAnswer: (response: Response) => void = () => undefined

/** What happens when the session is over; the router decides. */
export function whenSessionEnds(then: () => void): void {
  onMissingSession = then
}

/** What happens when the account has to do something else first; the router decides. */
export function whenRestricted(then: () => void): void {
  onRestriction = then
}

/** What happens when another account is logged in than that of the page. */
export function whenOtherAccount(then: () => void): void {
  onOtherAccount = then
}

/** Who wants to see every answer's head, such as the server's clock. */
export function whenAnswered(then: (response: Response) => void): void {
  onAnswer = then
}

async function send(request: Request): Promise<Response> {
  let response: Response
  for (const [name, value] of Object.entries(marks())) if (!request.headers.has(name)) request.headers.set(name, value)
  try {
    response = await fetch(request)
  } catch {
    throw OFFLINE
  }
  onAnswer(response)
  if (response.ok) return response
  const problem = await problemOf(response)
  if (problem.code !== 'session.missing' || new URL(request.url).pathname !== SESSION) hearOfSession(problem)
  throw problem
}

/** What a refusal says of the session, also one that came by another way, such as an upload's. */
export function hearOfSession({ code }: Problem): void {
  if (code === 'session.missing') onMissingSession()
  if (code === 'session.restricted') onRestriction()
  if (code === 'session.other-account') onOtherAccount()
}

function parametersOf(query: object): string {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== '')
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()
}

export function withQuery(path: string, query: object = {}): string {
  const parameters = parametersOf(query)
  return parameters ? `${path}?${parameters}` : path
}

const client = createClient<Record<string, never>>({ baseUrl: location.origin, credentials: 'same-origin', fetch: send, querySerializer: parametersOf })

interface Asked { params?: object; headers?: Record<string, string>; body?: unknown }

/** The answer's content. Where it breaks off on its way, the same question may be asked again: nothing was refused. */
async function content(method: 'get' | 'post' | 'put' | 'delete', path: string, asked: Asked): Promise<unknown> {
  let found: { data?: unknown; response: Response }
  try {
    found = await client.request(method as never, path as never, asked as never)
  } catch (error) {
    throw error instanceof Problem ? error : BROKEN_OFF
  }
  if (found.data === undefined && found.response.status !== 204) throw BROKEN_OFF
  return found.data
}

const STREAMS_OF: [RegExp, RegExp][] = [
  [/^\/api\/views\/confirmations/, /^confirmation-/],
  [/^\/api\/views\/(visits|plans|contracts|cycles|tasks)/, /^(visit|plan|contract)-/],
  [/^\/api\/views\/(filings|resources|papers)/, /^(filing|resource|credit_document|annual_information)-/],
  [/^\/api\/views\/(reports|report-results|exemptions)/, /^(report|exemption)-/],
  [/^\/api\/views\/(enterprises|enterprise-changes|points|instruments|history)/, /^(enterprise|outlet|monitoring_point|instrument)-/],
]

/** Whether the model behind a path follows a stream: who waits for one that it never hears of waits in vain. */
function knows(path: string, stream: string): boolean {
  return STREAMS_OF.some(([paths, streams]) => paths.test(path) && streams.test(stream))
}

/** Shortly after a command a view is asked to wait until it has seen it. */
function waiting(path: string): Record<string, string> {
  if (!written || !knows(path, written.answer.stream) || Date.now() - written.at >= WRITTEN_FOR_MS) return {}
  return { 'If-Version-At-Least': `${written.answer.stream}@${written.answer.version}` }
}

/** The answer to a question. */
export async function get<P extends Readable>(path: P, ...[given]: Given<Params<paths[P]['get']>>): Promise<Read<P>> {
  return (await content('get', path, { params: given, headers: waiting(path) })) as Read<P>
}

/** Every row of a list that is short by nature, such as one point's instruments, over all its pages. */
export async function everyPage<P extends Listed>(path: P, given: Params<paths[P]['get']>): Promise<Read<P>['items']> {
  const found: unknown[] = []
  let after: string | null = null
  do {
    const params = { ...given, query: { ...given.query, after } }
    const page = (await content('get', path, { params, headers: waiting(path) })) as Page<unknown>
    found.push(...page.items)
    after = page.next
  } while (after)
  return found as Read<P>['items']
}

/** A command. `key` is that of its intent; `version` is what the change was based on. */
export function command<P extends Commandable>(path: P, given: Place<paths[P]['post']> & { body: Body<P> }, key: string, version?: number): Promise<Accepted> {
  return sendCommand(path, { params: { path: given.path }, body: given.body }, key, version)
}

/** A command whose address is made, or was kept, as a text: that of a form for several nouns, or of the phone's outbox.
 * `account` is whoever wrote it, where that may be another one than the page's. */
export function commandAt(path: string, body: unknown, key: string, version?: number, account?: string): Promise<Accepted> {
  return sendCommand(`/api${path}`, { body, headers: account ? { [PAGE_ACCOUNT]: account } : {} }, key, version)
}

async function sendCommand(path: string, asked: Asked, key: string, version?: number): Promise<Accepted> {
  const headers: Record<string, string> = { ...asked.headers, 'Idempotency-Key': key }
  if (version !== undefined) headers['If-Match'] = `"${version}"`
  const answer = (await content('post', path, { ...asked, headers })) as Accepted
  written = { answer, at: Date.now() }
  return answer
}

/** A command about several things, each answered by itself: a view waits for the last of them that was written. */
export async function commandOfSeveral<P extends Postable>(path: P, body: Body<P>, key: string): Promise<Posted<P>> {
  const answer = await content('post', path, { body, headers: { 'Idempotency-Key': key } })
  for (const { stream, version } of (answer as { items: Partial<Accepted>[] }).items) if (stream && version) written = { answer: { stream, version }, at: Date.now() }
  return answer as Posted<P>
}

/** A stream that was written otherwise than by a command of this page: the next question to a view waits for it, too. */
export function wrote(answer: Accepted): void {
  written = { answer, at: Date.now() }
}

/** The same where the address names something, and nothing is said of it. */
export async function postAt<P extends Postable>(path: P, given: Place<paths[P]['post']>): Promise<Posted<P>> {
  return (await content('post', path, { params: given })) as Posted<P>
}

/** A value that is set: again it is the same. */
export async function put<P extends Puttable>(path: P, given: Place<paths[P]['put']> & { body: PutBody<P> }): Promise<void> {
  await content('put', path, { params: { path: given.path }, body: given.body })
}

/** What is no command: it writes nothing that a view would show. */
export async function post<P extends Postable>(path: P, body: Body<P>, ...[given]: Given<Place<paths[P]['post']>>): Promise<Posted<P>> {
  return (await content('post', path, { body, params: given })) as Posted<P>
}

export async function remove<P extends Deletable>(path: P, ...[given]: Given<Place<paths[P]['delete']>>): Promise<void> {
  await content('delete', path, { params: given })
}

/** A form with files in it. */
export async function upload<T>(path: string, form: FormData, key: string): Promise<T> {
  return (await content('post', path, { body: form, headers: { 'Idempotency-Key': key } })) as T
}

const NAME = /filename\*=UTF-8''([^;]+)/

/** A file to keep, by the name that the server gives it. */
export async function fetchFile(path: string): Promise<File> {
  const response = await send(new Request(new URL(`/api${path}`, location.origin), { credentials: 'same-origin' }))
  const given = NAME.exec(response.headers.get('Content-Disposition') ?? '')
  const name = given?.[1] ? decodeURIComponent(given[1]) : (path.split('/').pop() ?? '')
  try {
    return new File([await response.blob()], name)
  } catch {
    throw BROKEN_OFF
  }
}
