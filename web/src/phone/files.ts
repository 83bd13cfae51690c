import type { PhoneDatabase } from './database'
import type { New } from './outbox/operation'
import type { FileKept, FileRef } from './types'

const LONGEST_SIDE = 1600
const QUALITY = 0.82

/** The bytes with their hash. The hash comes first: nothing may touch a photograph before it is known. */
export async function fileOf(blob: Blob, name: string): Promise<FileKept> {
  const bytes = await blob.arrayBuffer()
  if (!crypto.subtle) throw new Error('此网址不是安全连接（https），浏览器不允许计算照片的指纹。请使用 https 地址打开。')
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return { sha256, media_type: blob.type || 'application/octet-stream', name, bytes }
}

export const refOf = (file: FileKept): FileRef => ({ sha256: file.sha256, size: file.bytes.byteLength, media_type: file.media_type, name: file.name })

/** A smaller JPEG of a photograph, or null where this browser cannot read it: the original is sent all the same. */
export async function shrunk(original: Blob): Promise<Blob | null> {
  if (typeof createImageBitmap !== 'function') return null
  const bitmap = await createImageBitmap(original, { imageOrientation: 'from-image' }).catch(() => null)
  if (!bitmap) return null
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(bitmap.width * scale)
  canvas.height = Math.round(bitmap.height * scale)
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY))
}

/** Puts bytes on the phone and says how they are to be sent. */
export async function keepFile(db: PhoneDatabase, file: FileKept, visit: string, label: string, about: string | null): Promise<New> {
  await db.files.put(file)
  return { id: uploadId(file.sha256), kind: 'upload', visit, label, about, bytes: file.bytes.byteLength }
}

export const uploadId = (sha256: string): string => `file:${sha256}`
