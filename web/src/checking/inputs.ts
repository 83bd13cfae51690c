/** Which values of a factor, beside its pairs and tests, went into a judgement: the twin of qingyuan_standards/rules/inputs.py. */
import type { Rule } from './catalogue'
import type { Factor, Test } from './document'

const OF_RANGE = ['drift', 'indication_of_range']

/** JSON pointers. Only to what was typed. */
export function inputsBeside(rule: Rule, factor: Factor, test?: Test): string[] {
  const needsRange = OF_RANGE.includes(rule.quantity) || rule.band_by === 'range'
  const hasOwnRange = !!test && Object.hasOwn(test.numbers, 'range')
  return [
    ...(needsRange && factor.instrumentRange && !hasOwnRange ? [`${factor.at}/instrument/range`] : []),
    ...(rule.emissionLimit && factor.emissionLimit ? [`${factor.at}/emission_limit`] : []),
    ...(rule.applies.principles?.length && factor.principle !== null ? [`${factor.at}/instrument/principle`] : []),
    ...(rule.quantity === 'no2_measured' && factor.no2 !== null ? [`${factor.at}/instrument/no2`] : []),
    ...(rule.quantity === 'duration_hours' ? ['/performed/from', '/performed/to'] : []),
  ]
}
