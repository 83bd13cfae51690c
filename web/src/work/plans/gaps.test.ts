import { describe, expect, it } from 'vitest'
import type { PaperGap } from '../../api/types'
import { named, ownerOf, sentenceOf } from './gaps'

const gap: PaperGap = { resource_id: 'r', kind: 'competence_certificate', number: 'YW-1', why: 'ended', from_day: '2027-03-14', windows: 18 }

describe('papers that do not cover a plan', () => {
  it('are said with the name of the person in place of the number', () => {
    const sentence = '2027-03-14 起第 2 位人员的运维能力证书（YW-1）失效，影响每个测点 18 个周期。第 12 位人员未备案。'
    expect(named(sentence, ['李某', '张某'])).toBe('2027-03-14 起张某的运维能力证书（YW-1）失效，影响每个测点 18 个周期。第 12 位人员未备案。')
  })

  it.each([
    [gap, '2027-03-14 起张某的运维能力证书（YW-1）失效，影响每个测点 18 个周期。'],
    [{ ...gap, why: 'revoked' as const }, '2027-03-14 起张某的运维能力证书（YW-1）被撤销，影响每个测点 18 个周期。'],
    [{ ...gap, why: 'not_begun' as const, number: null }, '张某的运维能力证书 2027-03-14 起才有效，影响每个测点 18 个周期。'],
    [{ ...gap, why: 'left' as const, kind: null, number: null }, '2027-03-14 起张某已不在备案中，影响每个测点 18 个周期。'],
  ])('are said as the server says them', (found, sentence) => {
    expect(sentenceOf(found, '张某')).toBe(sentence)
  })

  it('belong to whoever of the crew is filed under that entry', () => {
    const crew = { assignees: [{ account: 'a', resource_id: 'r' }], devices: [{ name: '烟气仪', serial_number: 'S-1', resource_id: 'd' }] }
    expect(ownerOf(gap, crew, () => '张某')).toBe('张某')
    expect(ownerOf({ ...gap, resource_id: 'd' }, crew, () => '')).toBe('设备“烟气仪”（S-1）')
    expect(ownerOf({ ...gap, resource_id: 'x' }, crew, () => '')).toBe('备案条目')
  })
})
