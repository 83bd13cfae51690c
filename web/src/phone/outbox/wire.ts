import type { DetailedError } from 'tus-js-client'
import { commandAt, get } from '../../api'
import { OFFLINE, Problem } from '../../api/problem'
import { marks, PAGE_ACCOUNT } from '../../api/use'
import type { Wire } from './deliver'

const CHUNK_BYTES = 512 * 1024
const PATIENCE_MS = 30_000
const UPLOADS = '/api/files/uploads'

/** The library of uploads comes when the first file goes: no task is opened with it. The phone keeps it as all of the page's scripts. */
const upload = (account: string): Wire['upload'] => async (file, url, heard) => {
  const { Upload } = await import('tus-js-client').catch(() => Promise.reject(OFFLINE))
  return new Promise((resolve, reject) => {
    const fail = (error: Problem): void => { clearTimeout(watch); reject(error) }
    const giveUp = (): void => { void sending.abort(); fail(OFFLINE) }
    let watch = setTimeout(giveUp, PATIENCE_MS)
    const moved = (): void => { clearTimeout(watch); watch = setTimeout(giveUp, PATIENCE_MS) }
    const sending = new Upload(new Blob([file.bytes], { type: file.media_type }), {
      endpoint: UPLOADS, uploadUrl: url, chunkSize: CHUNK_BYTES, retryDelays: null, storeFingerprintForResuming: false,
      metadata: { filename: file.name, filetype: file.media_type, sha256: file.sha256 },
      onBeforeRequest: (request) => { for (const [name, value] of Object.entries({ ...marks(), [PAGE_ACCOUNT]: account })) request.setHeader(name, value) },
      onProgress: moved,
      onUploadUrlAvailable: () => void heard(pathOf(sending.url), 0),
      onChunkComplete: (_size, accepted) => void heard(pathOf(sending.url), accepted),
      onError: (error) => fail(problemOfUpload(error)),
      onSuccess: () => { clearTimeout(watch); resolve(pathOf(sending.url)) },
    })
    sending.start()
  })
}

/** The gateway of this host. What goes is said to be of `account`, whoever the page is for when it goes. */
export const wireOf = (account: string): Wire => ({
  async whoAmI() {
    try {
      return (await within(get('/api/session'))).account.id
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null
      throw error
    }
  },

  async command(path, body, key) {
    await within(commandAt(path, body, key, undefined, account))
  },

  upload: upload(account),

  async uploadState(url) {
    try {
      const seen = await within(get('/api/files/uploads/{upload_id}', { path: { upload_id: url.split('/').pop() ?? '' } }))
      return { state: seen.state, sha256: seen.file?.sha256 ?? null, code: seen.code, sentence: seen.sentence }
    } catch (error) {
      if (error instanceof Problem && (error.status === 404 || error.status === 410)) return { state: 'unknown', sha256: null }
      throw error
    }
  },
})

/** Addresses are kept without the host, whatever the server calls itself. */
const pathOf = (url: string | null): string => new URL(url ?? UPLOADS, location.origin).pathname

function problemOfUpload(error: Error | DetailedError): Problem {
  const response = 'originalResponse' in error ? error.originalResponse : null
  if (!response || response.getStatus() === 0) return OFFLINE
  try {
    const body = JSON.parse(response.getBody())
    return new Problem(response.getStatus(), body.code, body.title, body.errors ?? [])
  } catch {
    return new Problem(response.getStatus(), 'upload.failed', '文件上传失败，请稍后重试。')
  }
}

/** A network that swallows a question is given up after half a minute: what is sent twice under one key is one thing. */
function within<T>(answer: Promise<T>): Promise<T> {
  return Promise.race([answer, new Promise<never>((_, reject) => setTimeout(() => reject(OFFLINE), PATIENCE_MS))])
}
