import { mount } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { Problem } from '../api/problem'
import type { FileRef, Visit } from '../api/types'

const server = vi.hoisted(() => ({ get: vi.fn(), post: vi.fn() }))
vi.mock('../api', async (original) => ({ ...(await original<object>()), ...server }))

const { evidenceFor, originalsOf, provideOriginals } = await import('./originals')
const { default: StoredPicture } = await import('./shared/StoredPicture.vue')
const { default: PhotoGrid } = await import('./shared/PhotoGrid.vue')

const file = (sha256: string): FileRef => ({ sha256, size: 1, media_type: 'image/jpeg' })
const photo = { photo_id: 'p', original: file('a') }
const visit = { id: 'v', photos: [photo], sign_out: null, confirmation: { id: 'c', steps: [{ what: 'disputed', photos: [file('c')] }] } } as unknown as Visit
const stubs = { 'el-dialog': true, 'el-button': true }

function page(missing: string[], content: () => ReturnType<typeof h>) {
  return mount(defineComponent({ setup() {
    provideOriginals().value = { missing: new Set(missing), ofVisit: missing.length }
    return content
  } }), { global: { stubs } })
}

describe('originals that are still on the way', () => {
  beforeEach(() => vi.resetAllMocks())

  it('are those of the visit and of what was said about it; only the visit\'s keep it from being signed', async () => {
    server.get.mockImplementation(async (path: string) => ({ files: 3, missing: path.includes('visits') ? ['a', 'b'] : ['c'] }))
    expect(await originalsOf(visit)).toEqual({ missing: new Set(['a', 'b', 'c']), ofVisit: 2 })
    expect(server.get).toHaveBeenCalledWith('/api/files/visits/{visit_id}/missing', { path: { visit_id: 'v' } })
    expect(server.get).toHaveBeenCalledWith('/api/files/confirmations/{confirmation_id}/missing', { path: { confirmation_id: 'c' } })
  })

  it('are asked about only where a file is named', async () => {
    const bare = { id: 'v', photos: [], sign_out: null, confirmation: { id: 'c', steps: [{ what: 'requested' }] } } as unknown as Visit
    expect(await originalsOf(bare)).toEqual({ missing: new Set(), ofVisit: 0 })
    expect(server.get).not.toHaveBeenCalled()
  })

  it('keep no page from being shown when nobody can say', async () => {
    server.get.mockRejectedValue(new Problem(404, 'visit.missing', '没有'))
    expect(await originalsOf(visit)).toEqual({ missing: new Set(), ofVisit: 0 })
  })

  it('are said in words instead of a broken picture', () => {
    const shown = page(['a'], () => h('div', [h(StoredPicture, { file: file('a'), size: 'page', alt: '签名' }), h(StoredPicture, { file: file('b'), size: 'page', alt: '照片' })]))
    expect(shown.text()).toBe('原件尚未上传')
    expect(shown.findAll('img').map((one) => one.attributes('src'))).toEqual(['/api/files/b/shown?size=page'])
  })

  it('are named also where a smaller copy is here', () => {
    const shown = page(['a'], () => h(PhotoGrid, { pictures: [{ file: file('small'), original: file('a'), caption: '站房' }, { file: file('b'), caption: '仪器' }] }))
    expect(shown.findAll('img').map((one) => one.attributes('src'))).toEqual(['/api/files/small/shown?size=thumb', '/api/files/b/shown?size=thumb'])
    expect(shown.findAll('.lacks')).toHaveLength(1)
  })
})

describe('the word of files for photographs', () => {
  beforeEach(() => vi.resetAllMocks())

  it('is asked once for an intent, and not at all without a photograph', async () => {
    server.post.mockResolvedValue({ token: 'here' })
    expect(await evidenceFor([], 'k0')).toBeUndefined()
    expect([await evidenceFor([file('a')], 'k1'), await evidenceFor([file('a')], 'k1')]).toEqual(['here', 'here'])
    expect(server.post).toHaveBeenCalledExactlyOnceWith('/api/files/evidence', { contents: [], files: ['a'] })
  })

  it('is asked again after it could not be asked', async () => {
    server.post.mockRejectedValueOnce(new Problem(0, 'network.down', '没有网络')).mockResolvedValue({ token: 'later' })
    await expect(evidenceFor([file('a')], 'k2')).rejects.toMatchObject({ code: 'network.down' })
    expect(await evidenceFor([file('a')], 'k2')).toBe('later')
  })
})
