import type { ImpossibleWindow } from '../../api/types'
import type { Word } from '../../work/words'
import { evidenceOf } from '../relied/words'

export const VERDICT: Record<ImpossibleWindow['verdict'], Word> = {
  impossible: { text: '无人有证', tone: 'danger' },
  at_risk: { text: '部分人员无证', tone: 'warning' },
}

export const WITHIN = ['7', '60', '90'].map((value) => ({ value, text: `${value} 天内` }))

/** Who lacks a certificate on the last day, and which one comes nearest. */
export function lackOf({ filed, paper }: ImpossibleWindow['why'][number], name: string): string {
  return `${name || '不是本机构可见的账户'}：${filed ? evidenceOf(paper) : '未备案为该机构人员'}`
}
