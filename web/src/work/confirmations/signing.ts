import { Problem } from '../../api/problem'
import type { Evidence, SignatureBody, SignatureFiles, Statement } from '../../api/types'

/** One confirmation as the person saw it: the text that was shown, and the hash that the server said it has. */
export interface Shown {
  id: string
  title: string
  text: string
  sha256: string
}

/** What the flow needs from outside. The page gives the real ones, tests their own. */
export interface Ports {
  hash: (text: string) => Promise<string>
  secondFactor: (over: string[]) => Promise<{ token: string }>
  uploadSignature: () => Promise<SignatureFiles>
  evidence: (contents: string[], files: string[]) => Promise<Pick<Evidence, 'token' | 'contents' | 'missing'>>
  sign: (id: string, body: SignatureBody) => Promise<unknown>
}

export interface Outcome {
  id: string
  title: string
  problem: Problem | null
}

/** The page shows one text and the server names another hash: nothing is signed, the page is loaded anew. */
export const CHANGED = new Problem(409, 'content.changed', '页面上的内容与服务器记录的哈希不一致，请重新打开后核对。')

interface Hashed extends Shown {
  own: string
}

async function hashed(shown: readonly Shown[], hash: Ports['hash']): Promise<Hashed[]> {
  return Promise.all(shown.map(async (one) => ({ ...one, own: await hash(one.text) })))
}

async function signOne(one: Hashed, rest: Omit<SignatureBody, 'content_sha256'>, ports: Ports): Promise<Outcome> {
  try {
    await ports.sign(one.id, { content_sha256: one.own, ...rest })
    return { id: one.id, title: one.title, problem: null }
  } catch (error) {
    if (error instanceof Problem) return { id: one.id, title: one.title, problem: error }
    throw error
  }
}

/**
 * Signs what was shown: one second factor, one drawing and one look at the files for all, one command for each.
 * Throws where nothing could be signed (wrong second factor, no network for the drawing); a refusal of one stops no other.
 * What differs from its own hash is never sent.
 */
export async function signAll(
  shown: readonly Shown[], statement: Statement, ports: Ports, onDone: (outcome: Outcome) => void = () => undefined,
): Promise<Outcome[]> {
  const all = await hashed(shown, ports.hash)
  const fit = all.filter((one) => one.own === one.sha256)
  const outcomes: Outcome[] = all.filter((one) => one.own !== one.sha256).map(({ id, title }) => ({ id, title, problem: CHANGED }))
  outcomes.forEach(onDone)
  if (!fit.length) return outcomes
  const contents = fit.map((one) => one.own)
  const { token } = await ports.secondFactor(contents)
  const signature = await ports.uploadSignature()
  const seen = await ports.evidence(contents, [signature.image.sha256, signature.strokes.sha256])
  for (const one of fit) {
    const outcome = await signOne(one, { statement_version: statement.version, signature, second_factor: token, evidence: seen.token }, ports)
    outcomes.push(outcome)
    onDone(outcome)
  }
  return outcomes
}
