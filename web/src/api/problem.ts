import type { Note } from './types'

const FAULT = 500
const UNREADABLE = 'answer.unreadable'

/** The server's refusal (RFC 9457), or our own word for a connection that failed. */
export class Problem extends Error {
  /** By which an administrator finds a fault that nobody expected. A refusal says in its sentence what to do, and has none. */
  readonly traceId?: string

  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly errors: Note[] = [],
    traceId?: string,
    /** What else this refusal says, such as the id of the thing that is in the way. */
    readonly details: Record<string, unknown> = {},
  ) {
    super(title)
    if (status >= FAULT || code === UNREADABLE) this.traceId = traceId
  }

  /** Sentences by field, named as forms name them: `particulars.unit` is `unit`, `contact.phone` is `contact_phone`. */
  get byField(): Record<string, string> {
    const found: Record<string, string> = {}
    for (const { field, sentence } of this.errors) {
      const name = field.replace(/^particulars\./, '').replace(/^contact\./, 'contact_')
      found[name] = (found[name] ?? '') + sentence
    }
    return found
  }

  get isOffline(): boolean {
    return this.status === 0
  }
}

export async function problemOf(response: Response): Promise<Problem> {
  try {
    const body = await response.json()
    if (typeof body.title !== 'string') return unreadable(response, body.trace_id)
    return new Problem(response.status, body.code, body.title, body.errors ?? [], body.trace_id, body)
  } catch {
    return unreadable(response)
  }
}

const unreadable = ({ status }: Response, traceId?: string): Problem => new Problem(status, UNREADABLE, '服务器的回答无法识别，请稍后重试。', [], traceId)

export const OFFLINE = new Problem(0, 'network.down', '无法连接服务器，请检查网络后重试。')
/** Status as of a gateway that got no whole answer: whoever asks again under the same key is answered. */
export const BROKEN_OFF = new Problem(502, 'answer.broken', '服务器的回答没有收全，请重试。')
