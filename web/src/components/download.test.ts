import { afterEach, describe, expect, it, vi } from 'vitest'
import { fetchFile, whenSessionEnds } from '../api'

afterEach(() => vi.unstubAllGlobals())

describe('an export', () => {
  it('without a session leads to the log-in, which says so, and keeps no file', async () => {
    const ended = vi.fn()
    whenSessionEnds(ended)
    vi.stubGlobal('fetch', async () => Response.json({ code: 'session.missing', title: '请先登录。', status: 401 }, { status: 401 }))
    await expect(fetchFile('/views/visits.xlsx')).rejects.toMatchObject({ title: '请先登录。' })
    expect(ended).toHaveBeenCalledOnce()
  })

  it('has the name that the server gives it', async () => {
    const headers = { 'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent('运维记录-2026-11-30.xlsx')}` }
    vi.stubGlobal('fetch', async () => new Response('x', { headers }))
    expect((await fetchFile('/views/visits.xlsx')).name).toBe('运维记录-2026-11-30.xlsx')
  })
})
