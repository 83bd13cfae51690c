// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import SignedBy from './SignedBy.vue'

const FILE = { sha256: 'a', size: 1, media_type: 'image/png' }
const SIGNATURE = {
  content_sha256: 'c', statement_version: '1', statement: '属实', signature: { image: FILE, strokes: FILE }, by: 'zhou',
  not_before: '2026-11-24T04:00:00Z', signed_at: '2026-11-24T04:00:00Z', late: false,
}
const PROOF = { serial: '1001', issuer: 'CN=签发机构', certificate: 'x', text: 'x', signature: 'x' }

describe('how a signature was given', () => {
  it('names the certificate and who issued it', () => {
    const text = mount(SignedBy, { props: { signature: { ...SIGNATURE, second_factor: 'certificate', certificate: PROOF } } }).text()
    expect(text).toContain('数字证书（法人一证通）')
    expect(text).toContain('证书编号 1001，发证机构 CN=签发机构')
  })
  it('says the kind alone where there is no certificate', () => {
    const text = mount(SignedBy, { props: { signature: { ...SIGNATURE, second_factor: 'totp' } } }).text()
    expect(text).toContain('验证器动态码')
    expect(text).not.toContain('证书')
  })
})
