import { afterEach, describe, expect, it, vi } from 'vitest'
import { fetchFile } from '.'

afterEach(() => vi.unstubAllGlobals())

describe('a file to keep', () => {
  it('has the name that the server gives it', async () => {
    const headers = { 'Content-Disposition': `inline; filename*=UTF-8''${encodeURIComponent('运维记录 DW001.pdf')}` }
    vi.stubGlobal('fetch', async () => new Response('%PDF', { headers }))
    const file = await fetchFile('/views/visits/7.pdf')
    expect([file.name, await file.text()]).toEqual(['运维记录 DW001.pdf', '%PDF'])
  })

  it('is refused with the sentence of the server, which a bare link would hide', async () => {
    const refusal = { code: 'record.crowded', title: '同时打印的人较多，请稍后再试。' }
    vi.stubGlobal('fetch', async () => Response.json(refusal, { status: 503 }))
    await expect(fetchFile('/views/visits/7.pdf')).rejects.toMatchObject({ code: 'record.crowded', title: refusal.title })
  })
})
