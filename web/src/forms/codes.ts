import type { Outlet } from '../api/types'

export const NO_CODE = '无'

/** A code for one more point of an outlet: its own code, and a number from the second point on. One that is taken would be refused. */
export function nextPointCode(outlet: Pick<Outlet, 'particulars' | 'points'>): string {
  const code = String(outlet.particulars.code)
  const taken = outlet.points.map((point) => numberOf(String(point.particulars.code), code))
  if (code === NO_CODE || !taken.some(Boolean)) return code
  return `${code}-${String(Math.max(...taken) + 1).padStart(2, '0')}`
}

/** The code without a number stands for the first point; 0: this outlet's code is not in it. */
function numberOf(pointCode: string, outletCode: string): number {
  const [own, number = '1'] = pointCode.split('-')
  return own === outletCode ? Number(number) : 0
}
