import { describe, expect, it } from 'vitest'
import { sorted } from './due'
import { saidOf } from './certificate'
import { TASK } from './testing'
import type { Task, Work } from './types'

const DAY = '2026-11-30'
const [PATROL] = TASK.work as [Work]
const task = (id: string, ...work: Partial<Work>[]): Task => ({ ...TASK, point: { ...TASK.point, id }, work: work.map((changed) => ({ ...PATROL, ...changed })) })
const idsOf = (tasks: Task[]): string[] => tasks.map(({ point }) => point.id)

const missed = { closes: '2026-11-28', slack_days: -2 }
const missedBefore = { closes: '2026-11-21', slack_days: -9 }
const today = { closes: DAY, slack_days: 0 }
const pastItsInterval = { closes: '2026-12-02', slack_days: -1 }
const later = { closes: '2026-12-06', slack_days: 6 }

describe('work on the phone', () => {
  it('is first what can be done now, by how soon it is due, and at the end what was missed', () => {
    const found = sorted([task('missed', missedBefore), task('later', later), task('none'), task('today', today), task('past', pastItsInterval), task('both', missed, later)], DAY)
    expect(idsOf(found.open)).toEqual(['past', 'today', 'later', 'both', 'none'])
    expect(idsOf(found.missed)).toEqual(['both', 'missed'])
  })

  it('ends when its window does, also without a network', () => {
    const kept = [task('today', today)]
    expect(idsOf(sorted(kept, DAY).missed)).toEqual([])
    expect(idsOf(sorted(kept, '2026-12-01').missed)).toEqual(['today'])
    expect(sorted(kept, '2026-12-01').open).toEqual([])
  })

  it('of mine is open and missed work that is assigned to me', () => {
    const found = sorted([task('a', { ...today, assigned: false }, { ...missed, assigned: true }), task('b', { ...today, assigned: true }), task('none')], DAY, { mineOnly: true })
    expect([idsOf(found.open), idsOf(found.missed)]).toEqual([['b'], ['a']])
  })
})

describe('one’s own certificate', () => {
  const holds = { number: 'YW-1', first_day: '2024-01-01', last_day: '2027-12-31', revoked: false }

  it.each([
    [holds, '您的运维能力证书（YW-1）有效期到 2027-12-31。', 'good'],
    [{ ...holds, last_day: '2027-01-30' }, '您的运维能力证书（YW-1）有效期到 2027-01-30。', 'good'],
    [{ ...holds, last_day: '2027-01-29' }, '您的运维能力证书（YW-1）还有 60 天到期（2027-01-29）。', 'soon'],
    [{ ...holds, last_day: DAY }, '您的运维能力证书（YW-1）今天到期（2026-11-30）。', 'soon'],
    [{ ...holds, last_day: '2026-11-29' }, '您的运维能力证书（YW-1）已于 2026-11-29 到期。', 'late'],
    [{ ...holds, last_day: '2026-11-11', revoked: true }, '您的运维能力证书（YW-1）已被撤销，最后有效的一天是 2026-11-11。', 'late'],
    [{ ...holds, last_day: '2026-12-05', revoked: true, number: null }, '您的运维能力证书将被撤销，最后有效的一天是 2026-12-05。', 'late'],
    [{ ...holds, first_day: '2026-12-01' }, '您的运维能力证书（YW-1） 2026-12-01 起才有效。', 'late'],
    [{ ...holds, last_day: null }, '您的运维能力证书（YW-1）没有填写有效期。', 'good'],
  ])('is said with its day: %#', (certificate, text, tone) => {
    expect(saidOf(certificate, DAY)).toEqual({ text, tone })
  })
})
