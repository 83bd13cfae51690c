import type { PaperGap } from '../../api/types'

/** Papers of a plan's crew that do not cover all its windows. The server knows no names: its sentences say “第 n 位人员”. */
const PAPERS: Record<string, string> = { competence_certificate: '运维能力证书', verification: '检定证书', calibration: '校准证书' }

/** The same sentence with the name of that person, where it is known. */
export function named(sentence: string, names: readonly string[]): string {
  return sentence.replace(/第 (\d+) 位人员/g, (said, number: string) => names[Number(number) - 1] ?? said)
}

const paperOf = (gap: PaperGap): string => `${PAPERS[gap.kind ?? ''] ?? '证件'}${gap.number ? `（${gap.number}）` : ''}`

const WORDS: Record<PaperGap['why'], (gap: PaperGap, who: string) => string> = {
  ended: (gap, who) => `${gap.from_day} 起${who}的${paperOf(gap)}失效`,
  revoked: (gap, who) => `${gap.from_day} 起${who}的${paperOf(gap)}被撤销`,
  not_begun: (gap, who) => `${who}的${paperOf(gap)} ${gap.from_day} 起才有效`,
  left: (gap, who) => `${gap.from_day} 起${who}已不在备案中`,
}

/** A gap as the plan recorded it; `who`: the person's name, or the device. */
export const sentenceOf = (gap: PaperGap, who: string): string => `${WORDS[gap.why](gap, who)}，影响每个测点 ${gap.windows} 个周期。`

interface FiledCrew {
  assignees: readonly { account: string; resource_id?: string | null }[]
  devices: readonly { name: string; serial_number: string; resource_id?: string | null }[]
}

/** Whose gap it is: the crew that was recorded with it has the person or the device. */
export function ownerOf(gap: PaperGap, crew: FiledCrew, nameOf: (account: string) => string): string {
  const person = crew.assignees.find((assignee) => assignee.resource_id === gap.resource_id)
  if (person) return nameOf(person.account)
  const device = crew.devices.find((known) => known.resource_id === gap.resource_id)
  return device ? `设备“${device.name}”（${device.serial_number}）` : '备案条目'
}
