import { defineStore } from 'pinia'
import { get, remove } from './api'
import { OFFLINE, Problem } from './api/problem'
import type { Account, Options, Session } from './api/types'
import { homeOf } from './layout/menu'
import { answersContracts } from './work/contracts/answering'
import { loggedIn, loggedOut } from './whose'
import { dropDraftsOfOthers } from './forms/drafts'

/** Who is logged in, and the code lists that every form needs. */
export const useSession = defineStore('session', {
  state: () => ({ account: null as Account | null, options: null as Options | null, must: [] as Session['must'], asked: false, problem: null as Problem | null }),
  getters: {
    /** The register is written by the enterprise's managers; a signatory reads it. */
    mayWrite: (state) => (state.account?.kind === 'enterprise' && state.account.role !== 'signatory') || state.account?.kind === 'administrator',
    answersContracts: (state) => answersContracts(state.account),
    /** Whether this account signs for its enterprise. */
    signs: (state) => state.account?.kind === 'enterprise' && state.account.signs,
    /** A quality officer and a regulator who only looks up write nothing. */
    onlyReads: (state) => state.account?.role === 'quality_officer' || state.account?.role === 'reader',
    isOffice: (state) => state.account?.kind === 'administrator',
    seesMany: (state) => state.account?.kind === 'regulator' || state.account?.kind === 'administrator',
    isOperator: (state) => state.account?.kind === 'operator',
    /** Contracts and plans are made by an operator's managers; a technician writes visits. */
    isManager: (state) => state.account?.kind === 'operator' && state.account.role === 'manager',
    isEnterprise: (state) => state.account?.kind === 'enterprise',
    /** Regulators of the city and administrators compare districts; everybody else sees one or none. */
    seesCity: (state) => state.account?.kind === 'administrator' || (state.account?.kind === 'regulator' && state.account.district === '310000'),
    /** Where the day begins for this kind of account. */
    home: (state): string => homeOf(state.account?.kind ?? 'administrator', state.account?.role ?? null),
  },
  actions: {
    /** Once; again only when there was no answer. Only a clear no is a no: a server that is away has logged nobody out. */
    async ask() {
      if (this.asked) return
      this.problem = null
      try {
        const { account, must } = await get('/api/session')
        // Of a page that is open already the notice of another account speaks; it does not become theirs on the way.
        const isOwn = this.account === null || this.account.id === account.id
        if (isOwn) Object.assign(this, { account, must: must ?? [] })
        this.asked = true
      } catch (error) {
        this.asked = error instanceof Problem && error.status === 401
        if (!this.asked) this.problem = error instanceof Problem ? error : OFFLINE
      }
    },
    /** Something that the account had to do may be done. */
    async askAgain() {
      this.asked = false
      await this.ask()
    },
    /** Somebody logged in, in whichever way. What the account must do first is asked before the next page. */
    become(account: Account) {
      this.account = account
      this.asked = false
      this.problem = null
      loggedIn(account)
      dropDraftsOfOthers(account.id)
    },
    async logOut(everywhere: boolean) {
      await remove(everywhere ? '/api/sessions' : '/api/session')
      loggedOut()
      dropDraftsOfOthers(null)
      this.forget()
    },
    forget() {
      this.account = null
      this.must = []
      this.options = null
    },
    async needOptions(): Promise<Options> {
      return (this.options ??= await get('/api/registry/options'))
    },
    districtName(code: string): string {
      return this.options?.districts.find((one) => one.code === code)?.name ?? code
    },
    factorName(code: string | null): string {
      if (!code || !this.options) return code ?? ''
      const all = [...this.options.factors.wastewater, ...this.options.factors.flue_gas]
      return all.find((one) => one.code === code)?.name ?? code
    },
  },
})
