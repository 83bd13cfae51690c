import { beforeEach, describe, expect, it, vi } from 'vitest'
import { sha256 } from './hashing'

const tus = vi.hoisted(() => ({ metadata: {} as Record<string, string> }))
const receipts = vi.hoisted(() => ({ next: [] as unknown[] }))
vi.mock('tus-js-client', () => ({
  DetailedError: class extends Error {},
  Upload: class {
    url = '/api/files/uploads/7'
    constructor(_file: Blob, private readonly options: { metadata: Record<string, string>; onSuccess: () => void; onProgress: (sent: number, total: number) => void }) {}
    start(): void {
      tus.metadata = this.options.metadata
      this.options.onProgress(3, 3)
      this.options.onSuccess()
    }
  },
}))
vi.mock('../api', () => ({ get: async () => receipts.next.shift() }))

const { upload } = await import('./upload')
const blob = new Blob(['abc'], { type: 'text/plain' })

describe('a file that is uploaded', () => {
  beforeEach(() => (receipts.next = []))

  it('is there when the store says so with the same hash', async () => {
    const hash = await sha256('abc')
    receipts.next = [{ state: 'receiving' }, { state: 'checking' }, { state: 'stored', file: { sha256: hash, size: 3, media_type: 'text/plain' } }]
    expect(await upload(blob, '甲.txt')).toEqual({ sha256: hash, size: 3, media_type: 'text/plain', name: '甲.txt' })
    expect(tus.metadata).toEqual({ filename: '甲.txt', filetype: 'text/plain', sha256: hash })
  })

  it('is not there when the store holds something else', async () => {
    receipts.next = [{ state: 'stored', file: { sha256: '0'.repeat(64), size: 3, media_type: 'text/plain' } }]
    await expect(upload(blob, '甲.txt')).rejects.toMatchObject({ code: 'file.hash' })
  })

  it('says why the store would not take it', async () => {
    receipts.next = [{ state: 'refused', code: 'file.type', sentence: '不接受这种文件。' }]
    await expect(upload(blob, '甲.txt')).rejects.toMatchObject({ code: 'file.type', title: '不接受这种文件。' })
  })
})
