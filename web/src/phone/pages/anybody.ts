/** The pages of both kinds of account, in one piece that comes after the first task: none of them is needed for it. */
export { default as MePage } from './MePage.vue'
export { default as MessagesPage } from '../messages/MessagesPage.vue'
export { default as NextStepPage } from './NextStepPage.vue'
