import type { FilingMark, HeldPaper } from '../../api/types'

const KINDS: Record<HeldPaper['kind'], string> = {
  competence_certificate: '运维能力评定证书', verification: '检定证书', calibration: '校准证书', vehicle_licence: '行驶证', lease: '租赁合同',
}

/** By what a paper is recognised. */
export const nameOf = (paper: HeldPaper): string => `${KINDS[paper.kind]}${paper.number ? ` ${paper.number}` : ''}`

/** Until when it holds. */
export function termOf(paper: HeldPaper): string {
  if (paper.revoked_from) return `自 ${paper.revoked_from} 起已撤销`
  return paper.valid_to ? `有效期至 ${paper.valid_to}` : '长期有效'
}

const NO_PAPER: Partial<Record<FilingMark, string>> = { calibration_missing: '没有已备案的检定或校准证书' }

/** The evidence in one line: the paper that comes nearest, or that there is none. */
export const evidenceOf = (paper: HeldPaper | null, mark?: FilingMark | null): string =>
  paper ? `${nameOf(paper)}，${termOf(paper)}` : ((mark && NO_PAPER[mark]) ?? '没有已备案的运维能力评定证书')
