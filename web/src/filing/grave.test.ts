import { flushPromises, mount } from '@vue/test-utils'
import { ElMessageBox } from 'element-plus'
import { describe, expect, it, vi } from 'vitest'
import type { Side } from './moves'
import StandingBar from './StandingBar.vue'
import type { Filing } from './types'

vi.mock('element-plus/es', () => import('./own/testing'))

const filing = { operator_id: 'o', version: 4, standing: 'active', filed_on: '2026-01-01', steps: [] } as unknown as Filing

describe('what cannot be taken back', () => {
  it.each([['office', '锁定', 'danger', 'active'], ['office', '撤销备案', 'danger', 'active'], ['operator', '注销备案', 'danger', 'active'], ['office', '激活', 'primary', 'asked']] as const)('is confirmed in red: %s, %s', async (side: Side, text, colour, standing) => {
    vi.mocked(ElMessageBox.prompt).mockClear().mockRejectedValueOnce('cancel')
    const bar = mount(StandingBar, { props: { found: { ...filing, standing }, side } })
    await bar.findAll('button').find((button) => button.text() === text)!.trigger('click')
    await flushPromises()
    expect(vi.mocked(ElMessageBox.prompt).mock.calls[0]?.[2]).toMatchObject({ confirmButtonText: text, confirmButtonType: colour })
  })
})
