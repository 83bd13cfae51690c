/** Worked examples, each loaded with one press. */
import { emptyRow, type PairRow } from './pairs'

export interface Example { title: string; told: string; kind: string; factor: string; unit: string; rows: PairRow[] }

type Numbers = readonly (readonly [reference: string, measured: string])[]
const rowsOf = (numbers: Numbers): PairRow[] => numbers.map(([reference, measured]) => ({ ...emptyRow(), reference, measured }))
const zipped = (reference: string, measured: string): Numbers => reference.split(' ').map((value, at) => [value, measured.split(' ')[at]!] as const)

const SO2_HIGH = zipped('812 798 805 821 809 795 803 818 806', '770 762 771 779 765 758 774 781 768')
const SO2_LOW = zipped('96 101 99 94 103 98 97 100 102', '118 127 121 119 131 124 120 126 125')
const OXYGEN = zipped('6.1 6.3 6.2 6.0 6.4 6.2 6.1 6.3 6.2', '5.9 6.0 6.0 5.8 6.1 6.0 5.9 6.0 5.9')
const PARTICLES = zipped('7.8 8.4 8.1 7.9 8.6', '12.6 13.5 13.1 12.4 13.9')

const CEMS = 'HJ 75-2017 verification'
const WATER = 'HJ 355-2019 sample_comparison'

export const EXAMPLES: readonly Example[] = [
  { title: '二氧化硫，高浓度', told: '相对准确度 5.1%', kind: CEMS, factor: 'a21026', unit: 'mg/m³', rows: rowsOf(SO2_HIGH) },
  { title: '二氧化硫，低浓度', told: '换一个区间，改看相对误差', kind: CEMS, factor: 'a21026', unit: 'mg/m³', rows: rowsOf(SO2_LOW) },
  { title: '含氧量', told: '相对准确度 4.6%', kind: CEMS, factor: 'a19001', unit: '%', rows: rowsOf(OXYGEN) },
  { title: '颗粒物，离限值很近', told: '绝对误差 4.94，限值 5', kind: CEMS, factor: 'a34013', unit: 'mg/m³', rows: rowsOf(PARTICLES) },
  { title: '化学需氧量，三对中两对', told: 'n 对中须有 m 对符合', kind: WATER, factor: 'w01018', unit: 'mg/L', rows: rowsOf([['123', '104.6'], ['120', '90'], ['121', '118']]) },
  { title: '化学需氧量，两种读法', told: '按每对与按全组结果不同', kind: WATER, factor: 'w01018', unit: 'mg/L', rows: rowsOf([['58', '70'], ['62', '75'], ['61', '66']]) },
  { title: '氨氮，标准溶液', told: '1.5 mg/L 的标准溶液代替水样', kind: WATER, factor: 'w21003', unit: 'mg/L', rows: rowsOf([['1.5', '1.72'], ['1.5', '1.95'], ['1.5', '1.46']]).map((row) => ({ ...row, substitute: true })) },
]
