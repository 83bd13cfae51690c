import { h, shallowRef, type FunctionalComponent } from 'vue'
import type { Scannable } from './matching'

interface Props { what: string; items: Scannable[]; onChoose: (key: string) => void }
const loaded = shallowRef<typeof import('./ScanButton.vue')['default']>()
let loading: Promise<void> | undefined

/** Where the piece does not come, one chooses by hand; the next page tries again. */
const load = (): Promise<void> => (loading ??= import('./ScanButton.vue').then((piece) => { loaded.value = piece.default }, () => { loading = undefined }))

/** The button is not a part of what must arrive first, but the shell keeps it for work without a network. Vue's own way to load later is larger than this. */
export const ScanButton: FunctionalComponent<Props> = (props) => {
  if (!loaded.value) void load()
  return loaded.value ? h(loaded.value, props) : null
}
ScanButton.props = ['what', 'items', 'onChoose']
