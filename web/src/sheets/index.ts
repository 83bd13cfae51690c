/** Record sheets on the page: what a form says, what it computes, and how to show it. No Vue in here. */
export { check, filled } from './check'
export { filledGroups, NORMAL, stillFilled } from './groups'
export { carryOver, emptyRow, emptyValues, fieldsOf, halfWidth, labels } from './rendering'
export type { FieldView, Kind } from './rendering'
export { outside } from './times'
export { lacking, withWork, workFindings } from './work'
export type { Checked, Finding, Form, Layout, Level, Problem, Values } from './types'
