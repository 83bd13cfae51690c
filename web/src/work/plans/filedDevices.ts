import { filedResources } from '../../api/work'
import type { Device } from '../../api/types'

export interface FiledDevice {
  name: string
  serial_number: string
}

/** The devices that this operator has filed; none where it has no filing. What has ended is not offered. */
export async function filedDevices(operatorId: string | null | undefined): Promise<FiledDevice[]> {
  if (!operatorId) return []
  const rows = await filedResources(operatorId, 'device')
  return rows.flatMap(({ filed, state }) => (filed?.kind === 'device' && state !== 'ended' ? [{ name: `${filed.name} ${filed.model}`.trim(), serial_number: filed.serial_number }] : []))
}

/** A filed device is sent without a date: the server takes it from the filing. */
export const chosenDevice = ({ name, serial_number }: FiledDevice): Device => ({ name, serial_number, calibrated_to: null })
