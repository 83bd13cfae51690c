import type { ImpossibleWindow } from '../../api/types'
import type { Word } from '../../work/words'
import { evidenceOf } from '../relied/words'

export const VERDICT: Record<ImpossibleWindow['verdict'], Word> = {
  impossible: { text: '无人有证', tone: 'danger' },
  at_risk: { text: '部分人员无证', tone: 'warning' },
}

/** Of people first: a window is at risk for its devices only where everybody has a certificate. */
export const verdictOf = ({ verdict, why }: Pick<ImpossibleWindow, 'verdict' | 'why'>): Word => (why.length ? VERDICT[verdict] : { text: '设备未检定校准', tone: 'warning' })

export const WITHIN = ['7', '60', '90'].map((value) => ({ value, text: `${value} 天内` }))

/** Who lacks a certificate on the last day, and which one comes nearest. */
export function lackOf({ filed, paper }: ImpossibleWindow['why'][number], name: string): string {
  return `${name || '不是本机构可见的账户'}：${filed ? evidenceOf(paper) : '未备案为该机构人员'}`
}

/** Which device has no verification or calibration on the last day, and which one comes nearest. */
export const deviceLack = ({ name, serial_number, paper }: ImpossibleWindow['devices'][number]): string =>
  `${name}（${serial_number}）：${evidenceOf(paper, 'calibration_missing')}`
