/** Which devices a visit used: those of its plans, unless the technician says otherwise. Pure. */
import type { TaskDevice, UsedDevice, Visit } from '../types'

type Used = Pick<Visit, 'task' | 'opening' | 'used_devices'>

/** The devices of the plans at the point. A visit that was begun before they were sent along has none. */
export const offered = ({ task }: Pick<Visit, 'task'>): TaskDevice[] => task.devices ?? []

/** By what a device is known: makers number by themselves, so two of different names may have the same serial number. */
export const deviceKey = ({ resource_id, name, serial_number }: Pick<TaskDevice, 'resource_id' | 'name' | 'serial_number'>): string => resource_id ?? `${name} ${serial_number}`

/** The keys of those that are chosen: first all of the plans that the visit is for. */
export function chosen(visit: Used): Set<string> {
  if (visit.used_devices) return new Set(visit.used_devices)
  const plans = new Set(visit.opening.cycles.map(({ plan_id }) => plan_id))
  return new Set(offered(visit).filter((device) => device.plans.some((plan) => plans.has(plan))).map(deviceKey))
}

export function toggled(visit: Used, key: string): string[] {
  const next = chosen(visit)
  if (!next.delete(key)) next.add(key)
  return [...next]
}

/** What the signing-out says of them. */
export function usedDevices(visit: Used): UsedDevice[] {
  const keys = chosen(visit)
  return offered(visit).filter((device) => keys.has(deviceKey(device)))
    .map(({ name, serial_number, resource_id, version }) => ({ name, serial_number, resource_id, version }))
}

/** Why a chosen device will give the visit a mark; empty where it will not. What is not filed is not judged. */
export function deviceProblem(device: TaskDevice, day: string): string {
  if (!device.resource_id) return ''
  if (device.lacks_paper) return '没有已备案的检定或校准证书'
  return device.held_to && device.held_to < day ? `检定或校准有效期至 ${device.held_to}` : ''
}
