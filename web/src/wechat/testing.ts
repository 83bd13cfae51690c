import { vi } from 'vitest'

/** Answers by path, as the server would give them; what was posted is kept. */
export function serve(answers: Record<string, unknown>) {
  const posted: { path: string; body: unknown }[] = []
  vi.stubGlobal('fetch', async (request: Request) => {
    const { pathname: path } = new URL(request.url)
    if (request.method !== 'GET') posted.push({ path, body: await request.json().catch(() => null) })
    const answer = answers[`${request.method} ${path}`] as { status?: number; code?: string } | undefined
    if (answer === undefined) return new Response(null, { status: 204 })
    return answer.code ? Response.json({ title: answer.code, ...answer }, { status: answer.status ?? 409 }) : Response.json(answer)
  })
  return posted
}

export const ACCOUNT = { id: 'a', name: 'zhou', label: '周敏', kind: 'enterprise', organisation: 'o', district: null, role: null, organisation_name: '清泉化工' }
export const SESSION = { account: ACCOUNT, expires_at: '2026-12-01T00:00:00Z', idle_minutes: 30 }
