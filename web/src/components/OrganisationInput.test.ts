import { mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import OrganisationInput from './OrganisationInput.vue'

vi.mock('element-plus/es', async () => {
  const { defineComponent, h } = await import('vue')
  return { ElAutocomplete: defineComponent({ setup: () => () => h('input') }) }
})

const offered = async (typed: string) => {
  const page = mount(OrganisationInput, { props: { modelValue: '', label: '生产商' } })
  const show = vi.fn()
  await (page.vm as unknown as { offer: (typed: string, show: unknown) => Promise<void> }).offer(typed, show)
  return show.mock.calls[0]?.[0]
}

afterEach(() => vi.unstubAllGlobals())

it('offers known organisations for what was typed', async () => {
  const asked: string[] = []
  vi.stubGlobal('fetch', async (request: Request) => {
    asked.push(request.url)
    return Response.json({ items: ['上海源测仪器有限公司'] })
  })
  expect(await offered(' 源测 ')).toEqual([{ value: '上海源测仪器有限公司' }])
  expect(asked[0]).toContain(`search=${encodeURIComponent('源测')}`)
})

it('offers nothing where there is no answer, so that typing goes on', async () => {
  vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('offline')))
  expect(await offered('源测')).toEqual([])
})
