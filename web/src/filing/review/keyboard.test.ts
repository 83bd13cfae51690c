import { describe, expect, it } from 'vitest'
import { actionOf, stepped } from './keyboard'

const pressed = (key: string, of: Partial<KeyboardEvent> = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, isComposing: false, defaultPrevented: false, target: document.body, ...of })
function within(html: string): Element {
  document.body.innerHTML = html
  return document.body.querySelector('b, input, textarea')!
}

describe('the keys of the review', () => {
  it('go on, go back, pass and return', () => {
    expect(['j', 'ArrowDown', 'k', 'ArrowUp', 'p', 'r', 'J', 'P'].map((key) => actionOf(pressed(key)))).toEqual(['next', 'next', 'previous', 'previous', 'pass', 'return', 'next', 'pass'])
    expect(actionOf(pressed('x'))).toBeNull()
  })

  it('are letters where somebody writes, chooses or is asked', () => {
    for (const html of ['<input>', '<textarea></textarea>', '<div role="dialog"><b></b></div>', '<div role="radiogroup"><b></b></div>', '<div role="listbox"><b></b></div>'])
      expect(actionOf(pressed('p', { target: within(html) })), html).toBeNull()
    expect(actionOf(pressed('p', { target: within('<p><b></b></p>') }))).toBe('pass')
  })

  it('belong to the browser with a modifier, and to the keyboard while it composes', () => {
    for (const of of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }, { isComposing: true }, { defaultPrevented: true }]) expect(actionOf(pressed('r', of))).toBeNull()
  })
})

it('a step stays within the list', () => {
  expect([stepped(0, 'previous', 3), stepped(0, 'next', 3), stepped(2, 'next', 3), stepped(1, 'return', 3), stepped(0, 'next', 0)]).toEqual([0, 1, 2, 1, 0])
})
