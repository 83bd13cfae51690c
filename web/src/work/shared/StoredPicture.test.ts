import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { FileRef } from '../../api/types'
import StoredPicture from './StoredPicture.vue'

const file: FileRef = { sha256: 'a'.repeat(64), size: 10, media_type: 'image/jpeg', name: '仪器显示.jpg' }
const shown = () => mount(StoredPicture, { props: { file, size: 'thumb', alt: '现场照片' } })

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('asks again for a picture that the store does not give yet', async () => {
  const page = shown()
  const first = page.find('img').element
  await page.find('img').trigger('error')
  await vi.advanceTimersByTimeAsync(1000)
  expect(page.find('img').element).not.toBe(first)
})

it('says in words that a picture does not come', async () => {
  const page = shown()
  for (const wait of [1000, 2000, 4000, 8000, 0]) {
    await page.find('img').trigger('error')
    await vi.advanceTimersByTimeAsync(wait)
  }
  expect(page.find('img').exists()).toBe(false)
  expect(page.find('[role=img]').attributes('aria-label')).toBe('现场照片：图片暂时不能显示，请稍后刷新')
})
