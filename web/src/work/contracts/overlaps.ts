import type { Contract } from '../../api/types'

export type Overlap = Contract['overlaps'][number]

/** The overlaps at the chosen points only: those are what is about to be agreed. */
export function overlapsAt(overlaps: readonly Overlap[], points: readonly string[]): Overlap[] {
  const common = overlaps.map((overlap) => ({ ...overlap, points: overlap.points.filter((point) => points.includes(point.id)) }))
  return common.filter((overlap) => overlap.points.length)
}
