import { command, commandAt, everyPage, get, upload } from '../api'
import type { components } from '../api/schema'
import type { Accepted } from '../api/types'
import type { Problem } from '../api/problem'
import type { Days } from './days'
import type { MovePath } from './moves'
import type { ResourceImport } from './types'

/** The routes of filings, as pages of operators and of reviewers use them. Every command takes the key of its intent. */

type Bodies = components['schemas']
type Filter<P extends Parameters<typeof get>[0]> = NonNullable<Parameters<typeof get<P>>[1]>['query']

export const options = () => get('/api/filing/options')
export const filing = (operator_id: string) => get('/api/views/filings/{operator_id}', { path: { operator_id } })
/** The filing of a day; null where it was not begun then. */
export const filingOn = (operator_id: string, query: Days) =>
  get('/api/views/filings/{operator_id}', { path: { operator_id }, query }).catch((problem: Problem) => (problem.status === 404 ? null : Promise.reject(problem)))
export const filings = (query: Filter<'/api/views/filings'>) => get('/api/views/filings', { query })
/** The operator's own, or null where none was begun: an operator finds no other in the list. */
export const ownFiling = async (operator_id: string) => ((await filings({ limit: 1 } as never)).items.length ? filing(operator_id) : null)
export const resources = (operator_id: string, query: Filter<'/api/views/filings/{operator_id}/resources'>) =>
  get('/api/views/filings/{operator_id}/resources', { path: { operator_id }, query })
export const everyResource = (operator_id: string, query: Filter<'/api/views/filings/{operator_id}/resources'> = {} as never) =>
  everyPage('/api/views/filings/{operator_id}/resources', { path: { operator_id }, query: { ...query, limit: 500 } })
export const partUses = (operator_id: string, query: Filter<'/api/views/filings/{operator_id}/part-uses'>) =>
  get('/api/views/filings/{operator_id}/part-uses', { path: { operator_id }, query })
export const stock = (operator_id: string) => get('/api/views/filings/{operator_id}/stock', { path: { operator_id } })
export const resource = (resource_id: string) => get('/api/views/resources/{resource_id}', { path: { resource_id } })
export const timeline = (resource_id: string, query?: Days) => get('/api/views/resources/{resource_id}/timeline', { path: { resource_id }, query })
export const names = async (operator_id: string) => (await get('/api/filing/filings/{operator_id}/names', { path: { operator_id } })).items
export const people = (operator_id: string) => get('/api/filing/filings/{operator_id}/people', { path: { operator_id } })

// Three commands have nothing to say beside that they are given.
export const beginFiling = (key: string) => commandAt('/filing/filing', undefined, key)
export const submitFiling = (key: string, version: number) => commandAt('/filing/filing/submission', undefined, key, version)
export const withdrawFiling = (key: string) => commandAt('/filing/filing/withdrawal', undefined, key)
export const changeBasics = (body: Bodies['filing.ChangeBasicsBody'], key: string, version: number) => command('/api/filing/filing/basics', { body }, key, version)

export const addResource = (body: Bodies['filing.AddResourceBody'], key: string) => command('/api/filing/resources', { body }, key)
export const correctResource = (resource_id: string, body: Bodies['filing.CorrectResourceBody'], key: string, version: number) =>
  command('/api/filing/resources/{resource_id}/correction', { path: { resource_id }, body }, key, version)
export const renewPaper = (resource_id: string, body: Bodies['filing.RenewPaperBody'], key: string, version: number) =>
  command('/api/filing/resources/{resource_id}/papers', { path: { resource_id }, body }, key, version)
export const endResource = (resource_id: string, body: Bodies['filing.EndResourceBody'], key: string, version: number) =>
  command('/api/filing/resources/{resource_id}/ending', { path: { resource_id }, body }, key, version)
export const giveUndertaking = (body: Bodies['filing.UndertakingBody'], key: string) => command('/api/filing/filing/undertaking', { body }, key)

// A workbook: the check writes nothing; what is taken over is asked for with the key of its intent, and the same key again adds nothing.
export const checkImport = (file: File, key: string) => upload<ResourceImport>('/api/filing/imports/check', workbook(file), key)
export const takeOver = (file: File, key: string) => upload<ResourceImport>('/api/filing/imports', workbook(file), key)

function workbook(file: File): FormData {
  const form = new FormData()
  form.set('file', file)
  return form
}

/** A move about the standing of a filing: an operator's about its own, an office's about the one named. */
export function stand(path: MovePath, operator_id: string, body: { reason: string }, key: string, version: number): Promise<Accepted> {
  if (path === 'reactivation-request' || path === 'cancellation') return command(`/api/filing/filing/${path}`, { body }, key, version)
  return command(`/api/filing/filings/{operator_id}/${path}`, { path: { operator_id }, body }, key, version)
}
