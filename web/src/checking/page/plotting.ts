/** Lines and points of the two plots: instrument against reference, and their difference against reference. */
import { CATALOGUE } from '../data'
import type { Pair } from '../document'
import type { Judged } from '../verdict'

export interface Point { x: number; y: number; name: string; beyond: boolean }
export type Segment = [from: [number, number], to: [number, number]]
export interface Plot { points: Point[]; limits: Segment[]; middle: Segment[]; mean: Segment[]; range: [number, number] }
export type View = 'scatter' | 'difference'

/** How far from the reference the limit is, at a reference; null where the rule limits nothing there. */
export interface Limit { from: number; to: number; halfWidth: (reference: number) => number }

const PERCENT = 100
const MARGIN = 0.08

/** The limits that the verdict used, over the references for which each holds. */
export function limitsOf(rules: readonly Judged[], referenceMean: number): Limit[] {
  const limiting = rules.filter(({ quantity, comparison }) => /error|accuracy/.test(quantity) && comparison !== 'at_least')
  const found = new Map(limiting.map((judged) => [judged.rule, limitOf(judged, referenceMean)]))
  return [...found.values()]
}

function limitOf({ quantity, limit, rule, band, at }: Judged, mean: number): Limit {
  const share = Number(limit) / PERCENT
  const halfWidth: Limit['halfWidth'] = quantity === 'absolute_error' ? () => Number(limit) : quantity === 'relative_accuracy' ? () => share * mean : (reference) => share * reference
  const ofPair = /\/pairs\//.test(at)
  return { ...(ofPair && band ? endsOf(rule, band.unit) : { from: -Infinity, to: Infinity }), halfWidth }
}

function endsOf(rule: string, unit: string): { from: number; to: number } {
  const bands = CATALOGUE.rules.find((record) => record.rule === rule)?.bands ?? []
  const band = bands.find((one) => one.unit === unit) ?? bands[0]
  return { from: Number(band?.from ?? band?.above ?? -Infinity), to: Number(band?.to ?? band?.below ?? Infinity) }
}

function rangeOf(pairs: readonly Pair[], view: View): [number, number] {
  const values = pairs.flatMap(({ reference, measured }) => (view === 'scatter' ? [reference, measured] : [reference])).map(Number)
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const room = (high - low || Math.abs(high) || 1) * MARGIN
  return [low >= 0 ? Math.max(0, low - room) : low - room, high + room]
}

export function plotOf(pairs: readonly Pair[], limits: readonly Limit[], view: View): Plot {
  const range = rangeOf(pairs, view)
  const base = (reference: number): number => (view === 'scatter' ? reference : 0)
  const points = pairs.map(({ reference, measured, at }): Point => {
    const [x, m] = [Number(reference), Number(measured)]
    return { x, y: view === 'scatter' ? m : Number(measured.minus(reference)), name: `第 ${Number(at.slice(at.lastIndexOf('/') + 1)) + 1} 对`, beyond: isBeyond(limits, x, Math.abs(m - x)) }
  })
  const line = (halfWidth: (x: number) => number, [from, to]: [number, number]): Segment => [[from, base(from) + halfWidth(from)], [to, base(to) + halfWidth(to)]]
  const edges = limits.flatMap(({ from, to, halfWidth }) => {
    const ends: [number, number] = [Math.max(from, range[0]), Math.min(to, range[1])]
    return ends[0] < ends[1] ? [line(halfWidth, ends), line((x) => -halfWidth(x), ends)] : []
  })
  const mean = points.reduce((sum, { x, y }) => sum + y - base(x), 0) / (points.length || 1)
  return { points, limits: edges, middle: [line(() => 0, range)], mean: view === 'difference' ? [line(() => mean, range)] : [], range }
}

function isBeyond(limits: readonly Limit[], reference: number, off: number): boolean {
  const limit = limits.find(({ from, to }) => from <= reference && reference <= to)
  return !!limit && off > limit.halfWidth(reference)
}
