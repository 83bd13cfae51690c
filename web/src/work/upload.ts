import { DetailedError, Upload } from 'tus-js-client'
import { get, hearOfSession } from '../api'
import { OFFLINE, Problem } from '../api/problem'
import type { FileRef } from '../api/types'
import { marks } from '../api/use'
import { sha256 } from './hashing'

const CHUNK = 1 << 20
const RETRIES_MS = [0, 1_000, 3_000, 5_000]
const ASK_AGAIN_MS = 300

function problemOf(error: Error): Problem {
  const response = error instanceof DetailedError ? error.originalResponse : null
  if (!response || response.getStatus() === 0) return OFFLINE
  try {
    const body = JSON.parse(response.getBody())
    return new Problem(response.getStatus(), body.code, body.title, body.errors ?? [], body.trace_id)
  } catch {
    return new Problem(response.getStatus(), 'upload.failed', '文件没有传完，请重试。')
  }
}

function send(file: Blob, metadata: Record<string, string>, onProgress: (share: number) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const upload: Upload = new Upload(file, {
      endpoint: '/api/files/uploads', chunkSize: CHUNK, retryDelays: RETRIES_MS, metadata, storeFingerprintForResuming: false,
      onBeforeRequest: (request) => { for (const [name, value] of Object.entries(marks())) request.setHeader(name, value) },
      onProgress: (sent, total) => onProgress(total ? sent / total : 1),
      onError: (error) => {
        const problem = problemOf(error)
        hearOfSession(problem)
        reject(problem)
      },
      onSuccess: () => resolve(upload.url ?? ''),
    })
    upload.start()
  })
}

const pause = () => new Promise((done) => setTimeout(done, ASK_AGAIN_MS))

/** What the store made of it. Only `stored` with the hash that was taken here means that it is there. */
async function receipt(url: string, hash: string): Promise<FileRef> {
  const upload_id = url.split('/').pop() ?? ''
  for (;;) {
    const found = await get('/api/files/uploads/{upload_id}', { path: { upload_id } })
    if (found.state === 'refused') throw new Problem(422, found.code ?? 'file.refused', found.sentence ?? '文件没有通过检查。')
    if (found.state === 'stored' && found.file?.sha256 === hash) return found.file
    if (found.state === 'stored') throw new Problem(422, 'file.hash', '服务器收到的文件与原文件不同，请重新上传。')
    await pause()
  }
}

/** Uploads by resumable chunks; answers when the store holds exactly these bytes. */
export async function upload(file: Blob, name: string, onProgress: (share: number) => void = () => undefined): Promise<FileRef> {
  const hash = await sha256(file)
  const url = await send(file, { filename: name, filetype: file.type || 'application/octet-stream', sha256: hash }, onProgress)
  return { ...(await receipt(url, hash)), name }
}
