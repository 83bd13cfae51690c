/** What can be chosen on the checker page: reports and factors for which the catalogue has rules of pairs, or says that it has none. */
import { RULES } from '../catalogue'
import { CATALOGUE, DATA } from '../data'
import { unitsFor } from '../units'

export interface Kind { key: string; basis: string; docType: string; text: string }
export interface Choice { code: string; text: string }

const OF_PAIRS = ['pairs', 'pair']
const EVERY = '*'
const ofPairs = RULES.filter(({ on }) => OF_PAIRS.includes(on))

/** Standard and kind of report, in the order of the contract. */
export const KINDS: readonly Kind[] = DATA.reading.bases.flatMap((basis) =>
  Object.entries(DATA.reading.doc_types)
    .filter(([docType]) => ofPairs.some(({ applies }) => applies.basis.includes(basis) && applies.doc_types.includes(docType)))
    .map(([docType, name]) => ({ key: `${basis} ${docType}`, basis, docType, text: `${basis} · ${name}` })))

export const kindOf = (key: string): Kind => KINDS.find((kind) => kind.key === key) ?? KINDS[0]!

const isKnownMissing = ({ basis, docType }: Kind) => CATALOGUE.missing
  .filter(({ standard, doc_types }) => standard === basis && (doc_types.includes(docType) || doc_types.includes(EVERY)))
  .flatMap(({ factors }) => factors).filter((code) => code !== EVERY)

export function factorsOf(kind: Kind): Choice[] {
  const limited = ofPairs.filter(({ applies }) => applies.basis.includes(kind.basis) && applies.doc_types.includes(kind.docType)).flatMap(({ applies }) => applies.factors)
  return [...new Set([...limited, ...isKnownMissing(kind)])].map((code) => ({ code, text: DATA.factors[code]![0] }))
}

const applying = (kind: Kind, factor: string) => RULES.filter(({ applies }) => applies.basis.includes(kind.basis) && applies.doc_types.includes(kind.docType) && applies.factors.includes(factor))

/** What has to be typed beside the pairs for this factor. */
export const asksLimit = (kind: Kind, factor: string): boolean => applying(kind, factor).some(({ applies }) => applies.emission_limit)
export const takesParallels = (kind: Kind, factor: string): boolean => applying(kind, factor).some(({ quantity }) => quantity === 'parallels')
export const takesSubstitute = (kind: Kind, factor: string): boolean => applying(kind, factor).some(({ substitute }) => substitute)
export const unitsOf = unitsFor

/** What the catalogue does not have of a standard, whatever the factor. */
export const missingOf = (basis: string): string[] => CATALOGUE.missing.filter(({ standard, factors }) => standard === basis && (!factors.length || factors.includes(EVERY))).map(({ what }) => what)
