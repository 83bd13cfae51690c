/** A report as it is checked: the twin of qingyuan_standards/rules/document.py. */
import type { Decimal } from '../sheets/exact'
import type { Unit } from './units'

/** What keeps a document from being checked. `at` is a JSON pointer. */
export interface Problem { at: string; code: string; sentence: string }

export type Conclusion = 'pass' | 'fail' | 'not_judged'

/** A figure that the report itself states. `step`: one unit of its last typed digit. */
export interface Typed { at: string; text: string; value: Decimal; step: Decimal }

/** Values on the scale of the unit's family. `start` and `end` are minutes of a local time. `stated`: the reference that was typed beside its parallels. */
export interface Pair {
  at: string
  start: number | null
  end: number | null
  reference: Decimal
  measured: Decimal
  parallels: number
  stated: Typed | null
  parallelMean: Decimal | null
  inputs: string[]
  substitute: boolean
  excluded: boolean
}

export type Row = Record<string, Decimal>

/** One item of testing. `rows`: its repeats, pairs or sets. */
export interface Test {
  at: string
  kind: string
  when: number | null
  unit: Unit
  numbers: Row
  rows: Row[]
  inputs: string[]
  reported: Typed | null
}

export interface Factor {
  at: string
  point: string
  code: string
  unit: Unit
  basis: string
  convention: string
  principle: string | null
  instrumentRange: Decimal | null
  instrumentUnit: Unit | null
  no2: string | null
  emissionLimit: Decimal | null
  pairs: Pair[]
  tests: Test[]
  reported: Record<string, Typed>
  concluded: Conclusion | null
}

export interface Exemption { rule: string; point: string | null; factor: string | null; first: string; last: string }

/** `fullWidth`: the places of numbers that were typed in full-width characters, with their text. */
export interface Report {
  docType: string
  basis: string
  start: number
  end: number
  day: string
  convention: string
  concluded: Conclusion | null
  factors: Factor[]
  exemptions: Exemption[]
  fullWidth: [string, string][]
}

export const counted = (factor: Factor): Pair[] => factor.pairs.filter((pair) => !pair.excluded)
