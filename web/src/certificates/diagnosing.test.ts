import { describe, expect, it } from 'vitest'
import { diagnose, freshSteps, type Means, nextOf, tryLast } from './diagnosing'
import { type Held, NO_SERVICE, SigningProblem } from './port'
import { endingOf } from './validity'

const NOW = new Date('2026-12-01T00:00:00Z')
const HELD: Held = { key: 'A1', organisation: '甲运维', uscc: '91310118MA1K2B3C47', serial: 'A1', validFrom: '2026-01-01T00:00:00Z', validTo: '2027-11-01T00:00:00Z', locked: false }

const means = (changed: Partial<Held> | null, more: Partial<Means> = {}): Means => ({
  find: () => Promise.resolve({ name: '演示', at: '1', certificates: () => Promise.resolve(changed ? [{ ...HELD, ...changed }] : []), sign: () => Promise.reject(new Error()) }),
  reach: () => Promise.resolve(), now: () => NOW, ...more,
})

async function statesOf(given: Means) {
  const steps = freshSteps()
  const found = await diagnose(steps, given)
  return { found, steps, states: Object.fromEntries(steps.map(({ key, state }) => [key, state])) }
}

describe('the diagnosis', () => {
  it('finds nothing wrong with a good key, and leaves the last step to who types the PIN', async () => {
    const { found, states } = await statesOf(means({}))
    expect(states).toEqual({ service: 'good', key: 'good', lock: 'good', validity: 'good', organisation: 'good', server: 'good', trial: 'waiting' })
    expect(found?.held.key).toBe('A1')
  })

  it('stops where there is no service, and looks at the server all the same', async () => {
    const { found, steps, states } = await statesOf(means({}, { find: () => Promise.reject(NO_SERVICE) }))
    expect([states.service, states.key, states.server, found]).toEqual(['bad', 'waiting', 'good', null])
    expect(steps[0]!.next).toContain('请安装并启动发证机构的证书助手')
  })

  it('says that no key is plugged in', async () => {
    const { states, steps } = await statesOf(means(null))
    expect([states.service, states.key]).toEqual(['good', 'bad'])
    expect(steps[1]!.next).toContain('USB')
  })

  it.each([
    ['lock', { locked: true }, 'bad'],
    ['validity', { validTo: '2026-11-30T00:00:00Z' }, 'bad'],
    ['validity', { validFrom: '2026-12-02T00:00:00Z' }, 'bad'],
    ['validity', { validTo: '2027-01-10T00:00:00Z' }, 'warning'],
    ['validity', { validTo: null }, 'warning'],
  ] as const)('looks at %s: %j', async (key, changed, state) => {
    const { states, steps } = await statesOf(means(changed))
    expect(states[key]).toBe(state)
    if (state === 'bad') expect(steps.find((step) => step.key === key)!.next).not.toBe('')
  })

  it('tries out no key that is locked, and none while the server cannot be reached', async () => {
    expect((await statesOf(means({ locked: true }))).found).toBeNull()
    const { found, states } = await statesOf(means({}, { reach: () => Promise.reject(new SigningProblem('network.down', '无法连接服务器')) }))
    expect([found, states.server]).toEqual([null, 'bad'])
  })

  it('gives the next step of what the server refuses', async () => {
    const trial = freshSteps()[6]!
    await tryLast(trial, () => Promise.reject(new SigningProblem('certificate.revoked', '证书已被吊销。')))
    expect(trial).toMatchObject({ state: 'bad', said: '证书已被吊销。', next: nextOf('certificate.revoked') })
    await tryLast(trial, () => Promise.resolve({ organisation: '甲运维', uscc: 'x', valid_to: '2027-11-01T00:00:00Z' }))
    expect(trial).toMatchObject({ state: 'good', next: '' })
  })
})

describe('a certificate that ends', () => {
  it.each([[61, null], [60, 'info'], [31, 'info'], [30, 'warning'], [8, 'warning'], [7, 'error'], [0, 'error']])('in %d days: %s', (days, type) => {
    const until = new Date(NOW.getTime() + days * 86_400_000 + 1000).toISOString()
    expect(endingOf(until, NOW)?.type ?? null).toBe(type)
  })

  it('is said to be over, and nothing is said of an unknown day', () => {
    expect(endingOf('2026-11-30T23:59:59Z', NOW)?.text).toBe('证书已过期，请到发证机构更新。')
    expect(endingOf(null, NOW)).toBeNull()
  })
})
