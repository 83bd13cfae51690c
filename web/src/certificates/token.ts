import { type Adapter, FAILED, type Held, type Signed, SigningProblem, type SigningService } from './port'

/** Our own signing service (`qingyuan token`): one JSON object and one answer, over WebSocket, else over HTTP. */
export const PORTS = [17651, 17652, 17653]
const PATIENCE_MS = 2_000
const OURS = 'qingyuan-token'

interface Answer { result?: unknown; error?: { code: string; sentence?: string } }
interface Shown { key: string; organisation: string; uscc: string | null; serial: string; valid_from: string; valid_to: string; locked: boolean }

/** Some browsers let no page of https open a socket to loopback, but allow HTTP. */
function opened(port: number): WebSocket | null {
  try {
    return new WebSocket(`ws://127.0.0.1:${port}/`)
  } catch {
    return null
  }
}

/** Opens a socket for one question; null where no socket could be opened. */
function overSocket(port: number, message: string): Promise<Answer | null> {
  return new Promise((resolve, reject) => {
    const socket = opened(port)
    if (!socket) return resolve(null)
    socket.onopen = () => socket.send(message)
    socket.onmessage = (event) => {
      try {
        resolve(JSON.parse(String(event.data)) as Answer)
      } catch (error) {
        reject(error as Error)
      }
      socket.close()
    }
    socket.onerror = () => resolve(null)
    socket.onclose = () => resolve(null)
  })
}

async function overHttp(port: number, message: string): Promise<Answer> {
  const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: message })
  return (await answer.json()) as Answer
}

async function ask(port: number, question: object): Promise<unknown> {
  const message = JSON.stringify({ id: 1, ...question })
  const answer = await overSocket(port, message)
    .then((found) => found ?? overHttp(port, message))
    .catch(() => { throw FAILED })
  if (answer.error) throw new SigningProblem(answer.error.code, answer.error.sentence ?? FAILED.title)
  return answer.result
}

const heldOf = (shown: Shown): Held => ({
  key: shown.key, organisation: shown.organisation, uscc: shown.uscc, serial: shown.serial,
  validFrom: shown.valid_from, validTo: shown.valid_to, locked: shown.locked,
})

function serviceAt(port: number): SigningService {
  return {
    name: '清源演示密钥',
    at: `127.0.0.1:${port}`,
    certificates: async () => ((await ask(port, { method: 'certificates' })) as { certificates: Shown[] }).certificates.map(heldOf),
    sign: async (text, key) => (await ask(port, { method: 'sign', key, text })) as Signed,
  }
}

/** Whether ours answers at this port. What never answers is not waited for. */
async function isOurs(port: number): Promise<boolean> {
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE_MS))
  const about = (await Promise.race([ask(port, { method: 'about' }).catch(() => null), late])) as { service?: string } | null
  return about?.service === OURS
}

export const token: Adapter = {
  name: '清源演示密钥',
  async find() {
    const found = await Promise.all(PORTS.map(isOurs))
    const port = PORTS[found.indexOf(true)]
    return port === undefined ? null : serviceAt(port)
  },
}
