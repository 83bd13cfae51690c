/** What is due at a point, apart from what was missed there. A window that is over is not done any more by going now. Pure. */
import type { Task, Work } from './types'

const NOTHING_DUE = 999

export const isMissed = (work: Work, day: string): boolean => work.closes < day
export const openWork = (task: Task, day: string): Work[] => task.work.filter((work) => !isMissed(work, day))
export const missedWork = (task: Task, day: string): Work[] => task.work.filter((work) => isMissed(work, day))

export const slackOf = (work: readonly Work[]): number => Math.min(...work.map(({ slack_days }) => slack_days), NOTHING_DUE)

export interface Sorted { open: Task[]; missed: Task[] }

/** Points with work to do, or with nothing planned, by how soon it is due; and those where something was missed, the newest first. */
export function sorted(tasks: readonly Task[], day: string, { mineOnly = false, far = () => 0 }: { mineOnly?: boolean; far?: (task: Task) => number } = {}): Sorted {
  const meant = (work: Work[]): Work[] => (mineOnly ? work.filter(({ assigned }) => assigned) : work)
  const open = (task: Task): Work[] => meant(openWork(task, day))
  const missed = (task: Task): Work[] => meant(missedWork(task, day))
  const newest = (task: Task): string => missed(task).map(({ closes }) => closes).sort().at(-1) ?? ''
  return {
    open: tasks.filter((task) => open(task).length || (!mineOnly && !task.work.length)).sort((a, b) => slackOf(open(a)) - slackOf(open(b)) || far(a) - far(b)),
    missed: tasks.filter((task) => missed(task).length).sort((a, b) => newest(b).localeCompare(newest(a)) || far(a) - far(b)),
  }
}
