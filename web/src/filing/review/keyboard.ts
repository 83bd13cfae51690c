/** What the keys of the review mean: one hand goes through the fields, the other says what is right. */
export type Action = 'next' | 'previous' | 'pass' | 'return'

const KEYS: Record<string, Action> = { j: 'next', arrowdown: 'next', k: 'previous', arrowup: 'previous', p: 'pass', r: 'return' }
/** There the same keys write, choose or move. */
const WRITES = 'input, textarea, select, [contenteditable], [role=combobox], [role=dialog], [role=listbox], [role=radiogroup]'

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'isComposing' | 'defaultPrevented' | 'target'>

/** Null for a key that is not ours, and wherever somebody writes. */
export function actionOf(pressed: Pressed): Action | null {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey || pressed.isComposing || pressed.defaultPrevented) return null
  if (pressed.target instanceof Element && pressed.target.closest(WRITES)) return null
  return KEYS[pressed.key.toLowerCase()] ?? null
}

/** The place that comes next, held at both ends. */
export function stepped(at: number, action: Action, count: number): number {
  const by = action === 'next' ? 1 : action === 'previous' ? -1 : 0
  return Math.max(0, Math.min(count - 1, at + by))
}
