import type { Contact, Particulars } from '../api/types'

/** The person to call is personal data: it travels beside the particulars, and only when it was written anew. */
export function startOfContact(known: Contact | undefined): Particulars {
  return { contact_name: known?.name ?? '', contact_phone: known?.phone ?? '' }
}

function typed(values: Particulars): { name: string; phone: string } {
  return { name: String(values.contact_name ?? '').trim(), phone: String(values.contact_phone ?? '').trim() }
}

/** What to send: nothing when it is blank, or the same as what is already known. */
export function contactOf(values: Particulars, known: Contact | undefined): Contact | null {
  const now = typed(values)
  const unchanged = now.name === (known?.name ?? '') && now.phone === (known?.phone ?? '')
  return known && now.name && !unchanged ? now : null
}

/** A name without a number, or a number without a name, helps nobody. */
export function contactProblems(values: Particulars): Record<string, string> {
  const { name, phone } = typed(values)
  if (name && !phone) return { contact_phone: '请填写联系电话。' }
  if (phone && !name) return { contact_name: '请填写联系人。' }
  return phone && !/^[0-9+\-（）() ]{3,30}$/.test(phone) ? { contact_phone: '电话只能有数字、空格、括号、加号和连字符。' } : {}
}
