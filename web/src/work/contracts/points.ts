import { get } from '../../api'
import type { Medium } from '../../api/types'

export interface OwnPoint {
  id: string
  code: string
  name: string
  medium: Medium
}

/** The points of an enterprise that are in use, as the register shows them to it. */
export async function ownPoints(enterprise: string): Promise<OwnPoint[]> {
  const { outlets } = await get('/api/views/enterprises/{enterprise_id}/points', { path: { enterprise_id: enterprise } })
  return outlets.flatMap((outlet) => outlet.points.map(({ id, particulars: { code, name, medium } }) => ({ id, code, name, medium })))
}
