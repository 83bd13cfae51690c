import { expect, it } from 'vitest'
import { scanName } from './scanNames'

it('keeps the scan of a person under the name of the paper, with its ending', () => {
  expect(scanName({ name: '张三的证书.PDF' }, 'competence_certificate', true)).toBe('运维能力评定证书.pdf')
  expect(scanName({ name: '张三' }, 'competence_certificate', true)).toBe('运维能力评定证书')
  expect(scanName({ name: '沪A12345行驶证.jpg' }, 'vehicle_licence', false)).toBe('沪A12345行驶证.jpg')
})
