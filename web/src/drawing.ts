/** How much of a name was drawn: less than this, in points of the screen, is a slip of the finger. The server counts the same way. */
const DRAWN_MIN = 30

interface Point {
  x: number
  y: number
}

export function isDrawn(groups: readonly { points: readonly Point[] }[]): boolean {
  return groups.reduce((sum, group) => sum + length(group.points), 0) >= DRAWN_MIN
}

function length(points: readonly Point[]): number {
  const steps = points.slice(1).map((point, at) => [point, points[at] as Point] as const)
  return steps.reduce((sum, [to, from]) => sum + Math.hypot(to.x - from.x, to.y - from.y), 0)
}
