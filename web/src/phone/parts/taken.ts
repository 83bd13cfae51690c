/** Which fields of the open sheet stand as the register has them; a sheet's fields are told by its page. */
import { computed, type ComputedRef, type InjectionKey } from 'vue'

export const TAKEN: InjectionKey<ComputedRef<Set<string>>> = Symbol('taken')
export const NONE_TAKEN = computed(() => new Set<string>())
