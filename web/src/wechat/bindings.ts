import { computed, ref, shallowRef } from 'vue'
import { get, remove } from '../api'
import { Problem } from '../api/problem'
import type { WeChatBinding } from '../api/types'

/** The WeChat users that are bound to one's own account, for the desk and the phone. */
export function useBindings() {
  const answer = shallowRef<{ configured: boolean; items: WeChatBinding[] } | null>(null)
  const problem = shallowRef<Problem | null>(null)
  const busy = ref('')

  async function load(): Promise<void> {
    problem.value = null
    try {
      answer.value = await get('/api/wechat/bindings')
    } catch (error) {
      problem.value = error as Problem
    }
  }

  /** One that is gone already is unbound all the same. */
  async function unbind(id: string): Promise<void> {
    busy.value = id
    try {
      await remove('/api/wechat/bindings/{binding_id}', { path: { binding_id: id } }).catch((error: unknown) => {
        if (!(error instanceof Problem) || error.status !== 404) throw error
      })
      await load()
    } catch (error) {
      problem.value = error as Problem
    } finally {
      busy.value = ''
    }
  }

  return { answer, items: computed(() => answer.value?.items ?? []), problem, busy, load, unbind }
}

/** What is known of whether this WeChat user can be reached. */
export const followingText = (following: boolean | null): string => (following === null ? '' : following ? '已关注公众号' : '未关注公众号，收不到微信消息')

export const UNBIND = '解除后，此微信不能再登录本账户，也收不到本账户的消息；用它打开的登录随即结束，包括当前这一处。'
export const ENDING = '他人为您重置密码、账户停用时，全部微信绑定随之解除；您自己修改密码只结束其他登录，微信绑定不变，不再用的请在这里解除。'
export const NOT_CONFIGURED = '本平台没有配置微信公众号。'
