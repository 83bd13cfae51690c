import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FileRef } from '../api/types'
import ScanView from './ScanView.vue'

const pdf = { sha256: 'a'.repeat(64), size: 9, media_type: 'application/pdf', name: '租约.pdf' } as FileRef
const other = { ...pdf, sha256: 'b'.repeat(64) }
const made: Blob[] = []
const revoked: string[] = []
let asked: string[] = []
let view: VueWrapper

async function shown(file = pdf): Promise<void> {
  view = mount(ScanView, { props: { file, alt: '租赁合同' } })
  await flushPromises()
}

beforeEach(() => {
  asked = []
  made.length = revoked.length = 0
  vi.stubGlobal('fetch', async (request: Request) => (asked.push(new URL(request.url).pathname), new Response('<script>', { headers: { 'Content-Type': 'text/html' } })))
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => `blob:${made.push(blob as Blob)}`)
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation((address) => void revoked.push(address))
  vi.stubGlobal('navigator', { ...navigator, pdfViewerEnabled: true })
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

describe('a PDF beside the fields', () => {
  it('is shown as a PDF whatever its bytes are, and is asked for with the session', async () => {
    await shown()
    expect([asked, made.map(({ type }) => type)]).toEqual([[`/api/files/${pdf.sha256}`], ['application/pdf']])
    expect([view.get('iframe').attributes('src'), view.get('iframe').attributes('title')]).toEqual(['blob:1', '租赁合同'])
    expect(view.get('a').attributes('href')).toBe(`/api/files/${pdf.sha256}`)
  })

  it('gives way to another one, and is forgotten when the page is left', async () => {
    await shown()
    await view.setProps({ file: other })
    await flushPromises()
    expect([view.get('iframe').attributes('src'), revoked]).toEqual(['blob:2', ['blob:1']])
    view.unmount()
    expect(revoked).toEqual(['blob:1', 'blob:2'])
  })

  it('is not fetched by a browser that cannot show it, which has the link', async () => {
    vi.stubGlobal('navigator', { ...navigator, pdfViewerEnabled: false })
    await shown()
    expect([asked, view.find('iframe').exists(), view.text()]).toEqual([[], false, expect.stringContaining('请打开查看')])
  })

  it('says what kept it from being opened', async () => {
    vi.stubGlobal('fetch', async () => Response.json({ code: 'file.missing', title: '没有找到这个文件。' }, { status: 404, headers: { 'Content-Type': 'application/problem+json' } }))
    await shown()
    expect(view.get('[role=alert]').text()).toBe('没有找到这个文件。')
  })
})
