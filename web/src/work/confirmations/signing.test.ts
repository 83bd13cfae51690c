import { describe, expect, it, vi } from 'vitest'
import { Problem } from '../../api/problem'
import { CHANGED, signAll, type Ports, type Shown } from './signing'

const shown = (id: string, more: Partial<Shown> = {}): Shown => ({ id, title: id, text: `text of ${id}`, sha256: `hash of text of ${id}`, ...more })
const STATEMENT = { version: '3', text: '我已核对' }
const SIGNATURE = { image: { sha256: 'i', size: 1, media_type: 'image/png' }, strokes: { sha256: 's', size: 1, media_type: 'application/json' } }

function ports(more: Partial<Ports> = {}) {
  return {
    hash: vi.fn(async (text: string) => `hash of ${text}`), secondFactor: vi.fn(async () => ({ token: 'once' })),
    uploadSignature: vi.fn(async () => SIGNATURE),
    evidence: vi.fn(async () => ({ token: 'all here', contents: {}, missing: [] })), sign: vi.fn(async () => undefined), ...more,
  } satisfies Ports
}

describe('signing many', () => {
  it('asks once for the second factor over all hashes, uploads one drawing, and sends one command for each', async () => {
    const given = ports()
    const outcomes = await signAll([shown('a'), shown('b')], STATEMENT, given)
    expect(given.secondFactor).toHaveBeenCalledExactlyOnceWith(['hash of text of a', 'hash of text of b'])
    expect(given.uploadSignature).toHaveBeenCalledOnce()
    expect(given.evidence).toHaveBeenCalledExactlyOnceWith(['hash of text of a', 'hash of text of b'], ['i', 's'])
    expect(given.sign).toHaveBeenNthCalledWith(2, 'b', { content_sha256: 'hash of text of b', statement_version: '3', signature: SIGNATURE, second_factor: 'once', evidence: 'all here' })
    expect(outcomes.map((one) => one.problem)).toEqual([null, null])
  })

  it('never sends what the page computes another hash of, and says so', async () => {
    const given = ports()
    const outcomes = await signAll([shown('a', { text: 'something else' }), shown('b')], STATEMENT, given)
    expect(given.sign).toHaveBeenCalledExactlyOnceWith('b', expect.anything())
    expect(given.secondFactor).toHaveBeenCalledWith(['hash of text of b'])
    expect(outcomes.find((one) => one.id === 'a')?.problem).toBe(CHANGED)
  })

  it('asks for no second factor when there is nothing that may be signed', async () => {
    const given = ports()
    await signAll([shown('a', { sha256: 'another' })], STATEMENT, given)
    expect(given.secondFactor).not.toHaveBeenCalled()
  })

  it('goes on after a refusal and tells what failed and why', async () => {
    const refused = new Problem(409, 'content.changed', '内容已变')
    const given = ports({ sign: vi.fn(async (id: string) => (id === 'b' ? Promise.reject(refused) : undefined)) })
    const told: string[] = []
    const outcomes = await signAll([shown('a'), shown('b'), shown('c')], STATEMENT, given, (one) => told.push(one.id))
    expect(outcomes.map((one) => one.problem)).toEqual([null, refused, null])
    expect(told).toEqual(['a', 'b', 'c'])
  })

  it('signs nothing with a wrong password', async () => {
    const wrong = new Problem(403, 'second-factor.wrong', '密码不正确')
    const given = ports({ secondFactor: vi.fn(async () => Promise.reject(wrong)) })
    await expect(signAll([shown('a')], STATEMENT, given)).rejects.toBe(wrong)
    expect(given.uploadSignature).not.toHaveBeenCalled()
    expect(given.sign).not.toHaveBeenCalled()
  })

  it('does not hide a fault of its own among the refusals', async () => {
    const given = ports({ sign: vi.fn(async () => Promise.reject(new TypeError('a fault'))) })
    await expect(signAll([shown('a')], STATEMENT, given)).rejects.toThrow('a fault')
  })
})
