import 'fake-indexeddb/auto'
import { describe, expect, it } from 'vitest'
import { Problem } from '../../api/problem'
import { FakeWire, fresh, handRunner, TASK, visiting } from '../testing'
import { contractBegins, firstOpen, instantOf, problemsOf } from './backfilling'
import { backfill } from './visit'

const NOW = Date.parse('2026-11-24T12:00:00+08:00')
const problems = (arrived_at: string, left_at: string, opens: string | null = null) => Object.keys(problemsOf({ arrived_at, left_at }, NOW, opens))

describe('the real times of a back-fill', () => {
  it('are asked for, both of them', () => {
    expect(problems('', '')).toEqual(['arrived_at', 'left_at'])
    expect(problems('2026-11-23T09:00', '')).toEqual(['left_at'])
    expect(problems('2026-11-23T09:00', '2026-11-23T99:00')).toEqual(['left_at'])
    expect(problems('2026-11-23T09:00', '2026-11-23T10:00')).toEqual([])
  })

  it('are in their order, over, and not before the window of the plan', () => {
    expect(problems('2026-11-23T10:00', '2026-11-23T10:00')).toEqual(['left_at'])
    expect(problems('2026-11-24T11:00', '2026-11-24T12:01')).toEqual(['left_at'])
    expect(problems('2026-11-24T12:01', '2026-11-24T13:00')).toEqual(['left_at', 'arrived_at'])
    expect(problems('2026-11-22T09:00', '2026-11-23T10:00', '2026-11-23')).toEqual(['arrived_at'])
    expect(problems('2026-11-23T00:00', '2026-11-23T10:00', '2026-11-23')).toEqual([])
  })

  it('are not before the contract begins, also of a visit that is for no window', async () => {
    const visit = await visiting(fresh())
    const begun = { opening: { ...visit.opening, cycles: [] }, task: { ...visit.task, contract_first_day: '2026-01-01' } }
    const found = problemsOf({ arrived_at: '1626-11-24T09:00', left_at: '2026-11-23T10:00' }, NOW, firstOpen(begun), contractBegins(begun))
    expect(found).toEqual({ arrived_at: '实际到达时间早于运维合同的开始日期 2026-01-01。' })
    expect(problemsOf({ arrived_at: '2026-01-01T00:00', left_at: '2026-11-23T10:00' }, NOW, null, contractBegins(begun))).toEqual({})
  })

  it('are left to the server where the visit is of another contract, or the task was fetched before it told the day', async () => {
    const { opening, task } = await visiting(fresh())
    expect(contractBegins({ opening: { ...opening, contract_id: 'another' }, task: { ...task, contract_first_day: '2026-01-01' } })).toBeNull()
    expect(contractBegins({ opening, task: { ...task, contract_first_day: undefined } })).toBeNull()
  })

  it('are times of Shanghai wherever the phone is', () => {
    expect(instantOf('2026-11-24T09:30')).toBe('2026-11-24T01:30:00.000Z')
  })

  it('know the window from what was taken along', async () => {
    expect(firstOpen(await visiting(fresh()))).toBe(TASK.work[0]?.opens)
  })

  it('can be mended where the server refused them: the same statement, not a second one', async () => {
    const db = fresh()
    const visit = await visiting(db)
    const wire = new FakeWire(db.account)
    wire.refuse = { backfill: new Problem(422, 'backfill.times', '填写有误。') }
    await backfill(db, visit, 'signal', '没有信号', { arrived_at: '2026-11-23T09:00', left_at: '2026-11-23T08:00' })
    await handRunner(db, wire).runner.kick()
    wire.refuse = {}
    await backfill(db, visit, 'signal', '没有信号', { arrived_at: '2026-11-23T09:00', left_at: '2026-11-23T10:00' })
    await handRunner(db, wire).runner.kick()
    expect(wire.commands).toMatchObject([{ body: { opening: visit.opening, reason_class: 'signal', arrived_at: '2026-11-23T01:00:00.000Z', left_at: '2026-11-23T02:00:00.000Z' } }])
    expect((await db.visits.get(visit.id))?.backfill).toMatchObject({ left_at: '2026-11-23T02:00:00.000Z' })
  })
})
