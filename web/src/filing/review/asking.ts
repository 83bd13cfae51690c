import { command, commandOfSeveral, everyPage, get } from '../../api'
import type { PassingBody, Review, ReviewBody, RevokePaperBody } from './types'

/** The routes of who reviews filings and watches papers. Every command takes the key of its intent. */

export { filingOn } from '../api'

/** What a list is narrowed to. */
type Filter<P extends Parameters<typeof get>[0]> = NonNullable<Parameters<typeof get<P>>[1]>['query']
const of = (operator_id: string) => ({ path: { operator_id } })

export const filings = (query: Filter<'/api/views/filings'>) => get('/api/views/filings', { query })
export const everyWaiting = () => everyPage('/api/views/filings', { query: { state: 'waiting', limit: 500 } })
export const filing = (operator_id: string) => get('/api/views/filings/{operator_id}', of(operator_id))
export const resources = (operator_id: string, query: Filter<'/api/views/filings/{operator_id}/resources'>) =>
  get('/api/views/filings/{operator_id}/resources', { ...of(operator_id), query })
export const review = (operator_id: string) => get('/api/views/filings/{operator_id}/review', of(operator_id))
export const papers = (query: Filter<'/api/views/papers'>) => get('/api/views/papers', { query })
export const publicOperators = (query: Filter<'/api/views/public/operators'>) => get('/api/views/public/operators', { query })

export const people = (operator_id: string) => get('/api/filing/filings/{operator_id}/people', of(operator_id))
export const names = async (operator_id: string) => new Map((await get('/api/filing/filings/{operator_id}/names', of(operator_id))).items.map((name) => [name.id, name]))
export const options = () => get('/api/filing/options')

export const openReview = (operator_id: string, number: number, key: string) => command('/api/filing/filings/{operator_id}/opening', { ...of(operator_id), body: { number } }, key)
export const answerReview = ({ operator_id, stage, version }: Review, body: ReviewBody, key: string) =>
  stage === 'first_review'
    ? command('/api/filing/filings/{operator_id}/first-review', { ...of(operator_id), body }, key, version)
    : command('/api/filing/filings/{operator_id}/second-review', { ...of(operator_id), body }, key, version)
export const passFilings = (body: PassingBody, key: string) => commandOfSeveral('/api/filing/filings/passing', body, key)
export const revokePaper = (resource_id: string, paper_id: string, body: RevokePaperBody, key: string) =>
  command('/api/filing/resources/{resource_id}/papers/{paper_id}/revocation', { path: { resource_id, paper_id }, body }, key)
