/** How much of a name was drawn: less, in points of the screen, is a slip of the finger. The server counts the same way. */
const DRAWN_MIN = 30
/** The larger of width and height: a finger that trembles on one spot draws length, but no extent. */
const EXTENT_MIN = 20
/** Different points: fewer are a straight line or a touch. */
const POINTS_MIN = 3

interface Point {
  x: number
  y: number
}

export function isDrawn(groups: readonly { points: readonly Point[] }[]): boolean {
  const points = groups.flatMap((group) => group.points)
  const different = new Set(points.map(({ x, y }) => `${x} ${y}`)).size
  const drawn = groups.reduce((sum, group) => sum + length(group.points), 0)
  return drawn >= DRAWN_MIN && different >= POINTS_MIN && Math.max(extent(points.map(({ x }) => x)), extent(points.map(({ y }) => y))) >= EXTENT_MIN
}

const extent = (numbers: readonly number[]): number => numbers.reduce((most, number) => Math.max(most, number), -Infinity) - numbers.reduce((least, number) => Math.min(least, number), Infinity)

function length(points: readonly Point[]): number {
  const steps = points.slice(1).map((point, at) => [point, points[at] as Point] as const)
  return steps.reduce((sum, [to, from]) => sum + Math.hypot(to.x - from.x, to.y - from.y), 0)
}
