import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { router as pages } from '../../router'
import CheckPage from './CheckPage.vue'
import { printedCode } from './typed'

vi.mock('../../help/HelpLink.vue', () => ({ default: { render: () => null } }))
vi.mock('element-plus/es', async () => {
  const { defineComponent, h } = await import('vue')
  const block = defineComponent({ setup: (_, { slots }) => () => h('div', slots.default?.()) })
  const button = defineComponent({ setup: (_, { slots }) => () => h('button', { type: 'submit' }, slots.default?.()) })
  const input = defineComponent({ props: ['modelValue', 'name'], emits: ['update:modelValue'], setup: (props, { emit }) => () => h('input', { name: props.name, value: props.modelValue, onInput: (event: Event) => emit('update:modelValue', (event.target as HTMLInputElement).value) }) })
  return { ElInput: input, ElButton: button, ElSkeleton: block, ElResult: block, ElEmpty: block }
})

const ID = '0a1b2c3d-0000-4000-8000-00000000000a'
const HASH = 'ab'.repeat(32)

async function open(path: string, answer: object = { known: false, matches: false }) {
  const asked: string[] = []
  vi.stubGlobal('fetch', async (request: Request) => (asked.push(request.url), Response.json(answer)))
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/check/:id?', name: 'check', component: CheckPage }] })
  await router.push(path)
  const page = mount(CheckPage, { global: { plugins: [router] } })
  await flushPromises()
  return { asked, page, router }
}

describe('a printed code that is typed', () => {
  it('is found with blanks, in capitals, and in a whole address', () => {
    expect(printedCode(` ${ID.toUpperCase()} `, HASH.replace(/(.{8})/g, '$1 '))).toEqual({ id: ID, sha256: HASH })
    expect(printedCode(`https://example.org/check/${ID}?sha256=${HASH}`, '')).toEqual({ id: ID, sha256: HASH })
    expect(printedCode(ID, HASH.slice(1))).toBeNull()
    expect(printedCode(ID, `${HASH}a`), 'a digit too many is none').toBeNull()
    expect(printedCode('', HASH)).toBeNull()
  })
})

describe('the page that checks a printed record', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('is open to everybody also without a number', () => {
    const { name, meta } = pages.resolve('/check')
    expect([name, meta.open]).toEqual(['check', true])
  })

  it('asks for the code where the address has none, refuses half of one, and says that nothing was found', async () => {
    const { asked, page, router } = await open('/check')
    expect([page.find('form').exists(), asked]).toEqual([true, []])
    await page.get('input[name=number]').setValue(ID)
    await page.get('form').trigger('submit')
    expect(page.get('[role=alert]').text()).toContain('不完整')
    await page.get('input[name=code]').setValue(HASH)
    await page.get('form').trigger('submit')
    await flushPromises()
    expect(router.currentRoute.value.fullPath).toBe(`/check/${ID}?sha256=${HASH}`)
    expect(asked).toHaveLength(1)
    expect(page.text()).toContain('没有这份签字记录')
    expect(page.get('a').attributes('href')).toBe('/check')
  })

  it('still answers at once where the address has both', async () => {
    const { page } = await open(`/check/${ID}?sha256=${HASH}`, { known: true, matches: true, signed_at: null, late: false })
    expect(page.text()).toContain('与签字记录一致')
    expect(page.find('form').exists()).toBe(false)
  })
})
