import { get } from '../../api'
import type { Forms } from '../forms'

const asked = new Map<string, Promise<Forms>>()

/** The forms of a day do not change while the page is open. */
export function formsOfDay(day: string): Promise<Forms> {
  const forms = asked.get(day) ?? (get('/api/tasks/forms', { query: { day } }) as unknown as Promise<Forms>)
  asked.set(day, forms)
  forms.catch(() => asked.delete(day))
  return forms
}
