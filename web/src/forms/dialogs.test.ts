import { describe, expect, it } from 'vitest'

const SOURCES = import.meta.glob<string>('../**/*.vue', { query: '?raw', import: 'default', eager: true })
/** Passwords are kept nowhere, and three fields are typed again soon. */
const KEEPS_NOTHING = ['../layout/PasswordDialog.vue']
const WRITES = /<el-input|<el-date-picker|<el-select|<FieldForm|<SheetForm|<FilePicker/

describe('a dialog in which something is typed', () => {
  const dialogs = Object.entries(SOURCES).filter(([, source]) => /<el-(dialog|drawer)/.test(source) && WRITES.test(source))

  it.each(dialogs.filter(([path]) => !KEEPS_NOTHING.includes(path)))('asks before it is closed: %s', (_, source) => {
    expect(source).toContain(':before-close="unsaved.beforeClose"')
  })

  it('is found', () => expect(dialogs.length).toBeGreaterThan(4))
})
