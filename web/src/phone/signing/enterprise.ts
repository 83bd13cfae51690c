/** The pages of enterprises, in one piece: when the first of them has come, all are there without a network. */
export { default as AskedPage } from '../pages/AskedPage.vue'
export { default as ConfirmationPage } from './ConfirmationPage.vue'
export { default as DuePage } from './DuePage.vue'
export { default as RecordsPage } from './RecordsPage.vue'
