import 'fake-indexeddb/auto'
import { expect, it, vi } from 'vitest'
import { OFFLINE, Problem } from '../../api/problem'
import { PhoneDatabase } from '../database'
import { fresh } from '../testing'
import { keptAttempt, sendAgain, sendOnce } from './attempt'

const ID = 'confirmation'
const compose = (token: string) => vi.fn(async () => ({ reason: '不符', token }))
const failing = (error: unknown) => vi.fn(async (_body: unknown, _key: string): Promise<void> => { throw error })

it('forgets a command that was answered', async () => {
  const db = fresh()
  await sendOnce(db, 'dispute', ID, 'said', compose('1'), async () => undefined)
  expect(await keptAttempt(db, 'dispute', ID)).toBeNull()
})

it.each([OFFLINE, new Problem(502, 'answer.broken', '没有收全'), new TypeError('a fault')])('sends the very same command again after %s, also after a reload', async (error) => {
  const db = fresh()
  const first = failing(error)
  await expect(sendOnce(db, 'dispute', ID, 'said', compose('1'), first)).rejects.toBe(error)
  const reloaded = new PhoneDatabase(db.account)
  const [second, anew] = [vi.fn(async (_body: unknown, _key: string) => undefined), compose('2')]
  await sendOnce(reloaded, 'dispute', ID, 'said', anew, second)
  expect(second.mock.calls).toEqual(first.mock.calls)
  expect(anew).not.toHaveBeenCalled()
})

it('sends other words under another key', async () => {
  const db = fresh()
  const [first, second] = [failing(OFFLINE), failing(OFFLINE)]
  await expect(sendOnce(db, 'dispute', ID, 'said', compose('1'), first)).rejects.toBe(OFFLINE)
  await expect(sendOnce(db, 'dispute', ID, 'said otherwise', compose('2'), second)).rejects.toBe(OFFLINE)
  expect(second.mock.calls[0]![1]).not.toBe(first.mock.calls[0]![1])
  expect(second.mock.calls[0]![0]).toEqual({ reason: '不符', token: '2' })
})

it('keeps nothing of what was refused: it was not recorded', async () => {
  const db = fresh()
  const refused = new Problem(403, 'second-factor.expired', '身份验证已超过 5 分钟')
  await expect(sendOnce(db, 'signature', ID, 'said', compose('1'), failing(refused))).rejects.toBe(refused)
  expect(await keptAttempt(db, 'signature', ID)).toBeNull()
})

it('keeps what is sent again until somebody answers', async () => {
  const db = fresh()
  await expect(sendOnce(db, 'signature', ID, 'said', compose('1'), failing(OFFLINE))).rejects.toBe(OFFLINE)
  const attempt = (await keptAttempt(db, 'signature', ID))!
  await expect(sendAgain(db, 'signature', ID, attempt, failing(OFFLINE))).rejects.toBe(OFFLINE)
  expect(await keptAttempt(db, 'signature', ID)).toEqual(attempt)
  await sendAgain(db, 'signature', ID, attempt, async () => undefined)
  expect(await keptAttempt(db, 'signature', ID)).toBeNull()
})

it('mixes up neither confirmations nor what is done with them', async () => {
  const db = fresh()
  await expect(sendOnce(db, 'signature', ID, 'said', compose('1'), failing(OFFLINE))).rejects.toBe(OFFLINE)
  expect([await keptAttempt(db, 'dispute', ID), await keptAttempt(db, 'signature', 'another')]).toEqual([null, null])
})
