import { afterEach, describe, expect, it, vi } from 'vitest'
import { sha256, UNHASHABLE, verdict } from './hashing'

afterEach(() => vi.unstubAllGlobals())

describe('a hash', () => {
  it('is SHA-256 of the UTF-8 bytes, in lower-case hexadecimal', async () => {
    expect(await sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(await sha256('{"天气":"晴"}')).toBe('874325b1f46b87120c668c5fb5e9f52fcd9e8aa3d707a4373370dd638ea94a04')
    expect(await sha256(new Blob(['abc']))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })

  it('tells the same text from a changed one', async () => {
    const signed = await sha256('{"reading":"104.2"}')
    expect(await verdict('{"reading":"104.2"}', signed)).toBe('same')
    expect(await verdict('{"reading":"104.3"}', signed)).toBe('different')
  })

  it('is not guessed where the browser has no cryptography', async () => {
    vi.stubGlobal('crypto', { getRandomValues: () => undefined })
    expect(await verdict('any', 'any')).toBe('unknown')
    await expect(sha256('any')).rejects.toBe(UNHASHABLE)
  })
})
