import { describe, expect, it } from 'vitest'
import { contactOf, contactProblems, startOfContact } from './contact'

const known = { name: '王工', phone: '021-59720000' }

describe('the person to call', () => {
  it('is not sent again when nothing was changed, nor where it may not be written', () => {
    expect(contactOf(startOfContact(known), known)).toBeNull()
    expect(contactOf(startOfContact(known), undefined)).toBeNull()
  })

  it('is sent when written anew', () => {
    expect(contactOf({ contact_name: ' 李工 ', contact_phone: '021-1' }, known)).toEqual({ name: '李工', phone: '021-1' })
    expect(contactOf({ contact_name: '李工', contact_phone: '021-1' }, {})).toEqual({ name: '李工', phone: '021-1' })
  })

  it('is whole or not there', () => {
    expect(contactProblems({ contact_name: '李工', contact_phone: '' })).toHaveProperty('contact_phone')
    expect(contactProblems({ contact_name: '', contact_phone: '021' })).toHaveProperty('contact_name')
    expect(contactProblems({ contact_name: '李工', contact_phone: '电话' })).toHaveProperty('contact_phone')
    expect(contactProblems({ contact_name: '', contact_phone: '' })).toEqual({})
  })
})
