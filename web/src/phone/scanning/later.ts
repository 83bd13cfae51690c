import { defineAsyncComponent } from 'vue'

const nothing = { inheritAttrs: false, props: ['what', 'items'], emits: ['choose'], render: () => null }

/** Not a part of what must arrive first, but kept by the shell for work without a network. Where it does not come, one chooses by hand. */
export const ScanButton = defineAsyncComponent(() => import('./ScanButton.vue').then((loaded) => loaded.default, () => nothing as never))
