/** The rule catalogue and the tables around it, as qingyuan_standards has them: `data.json` is made by `make generate`, and a test says whether it is fresh. */
import json from './data.json'
import type { Confidence } from '../sheets/types'
import type { Result } from './verdict'

export type Severity = 'blocking' | 'warning' | 'note'
export type Comparison = 'absolute_at_most' | 'at_most' | 'at_least' | 'is'

/** `from` and `to` are within, `above` and `below` are not. */
export interface IntervalRecord { from?: string; above?: string; to?: string; below?: string }
export interface BandRecord extends IntervalRecord { unit: string; limit: string }

export interface RuleRecord {
  rule: string
  title: string
  standard: string
  edition: string
  clause: string
  clause_confidence: Confidence
  source: string
  confidence: Confidence
  valid_from: string
  valid_to?: string | null
  applies: { doc_types: string[]; basis: string[]; medium: string; factors: string[]; principles?: string[]; emission_limit?: IntervalRecord }
  on: string
  quantity: string
  comparison: Comparison
  unit: string
  digits: number
  band_by: string | null
  bands: BandRecord[]
  pairs_min?: Record<string, number>
  alternative?: { rule: string; quantity: string; limit: string; unit: string; confidence: Confidence }
  substitute?: IntervalRecord
  severity: Severity
  prose: string
}

export interface MissingRecord { standard: string; factors: string[]; doc_types: string[]; what: string }
export interface Quantity { title: string; formula: string; unit: string | null; digits: number }

/** The fields of a kind of test. `signed`: those that may lie below zero. `texts`: a list of single numbers. `scaled`: numbers are in the test's unit; `reported_scaled`: so is the report's own result. */
export interface Spec { required: string[]; optional: string[]; signed: string[]; rows: string | null; columns: string[]; texts: boolean; scaled: boolean; reported_scaled: boolean }

export interface Catalogue {
  version: string
  sha256: string
  rules: RuleRecord[]
  missing: MissingRecord[]
  bounds: { copied_pairs: number; magnitude: string; implausible_percent: string; implausible_pairs: number }
  t95: Record<string, string>
  molar_masses: Record<string, string>
}

interface Data {
  catalogue: Catalogue
  factors: Record<string, [name: string, unit: string]>
  units: { families: Record<string, Record<string, string>>; aliases: Record<string, string>; also: Record<string, string[]>; gases: string[] }
  places: { counted: Record<string, string>; named: Record<string, string> }
  tests: Record<string, Spec>
  quantities: Record<string, Quantity>
  saying: { says: Record<Result, string>; limits: Record<Comparison, string>; unverified: Partial<Record<Confidence, string>>; why_not: Record<string, string> }
  reading: {
    doc_types: Record<string, string>; bases: string[]; conventions: string[]; reported: string[]; plain: string[]; can_be_negative: string[]
    points_max: number; factors_max: number; tests_max: number; exemptions_max: number; reason_max: number; pairs_max: number; parallels_max: number; rows_max: number
  }
}

export const DATA = json as unknown as Data
export const CATALOGUE = DATA.catalogue
export const QUANTITIES = DATA.quantities
