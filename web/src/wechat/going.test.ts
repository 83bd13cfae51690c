import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { beginBinding, beginLogIn, errandOf, finish, ownPage } from './going'
import { serve } from './testing'

beforeEach(() => localStorage.clear())
afterEach(() => vi.useRealTimers())

describe('an errand at WeChat', () => {
  it('is known by its state, keeps the secret, and is no other’s', async () => {
    serve({ 'POST /api/session/wechat/beginning': { url: 'https://w/', state: 's', secret: 'x', expires_at: '' } })
    expect(await beginLogIn('/m/')).toBe('https://w/')
    expect(errandOf('s')).toMatchObject({ secret: 'x', to: '/m/' })
    expect(errandOf('t')).toBeNull()
  })

  it('is forgotten after five minutes', async () => {
    vi.useFakeTimers()
    serve({ 'POST /api/wechat/binding/beginning': { url: 'https://w/', qr: '', state: 's', expires_at: '' } })
    await beginBinding('周', '/mine', { password: 'x' })
    expect(errandOf('s')).toMatchObject({ to: '/mine' })
    vi.setSystemTime(Date.now() + 5 * 60_000)
    expect(errandOf('s')).toBeNull()
  })

  it('has no secret once it is done', async () => {
    serve({ 'POST /api/session/wechat/beginning': { url: '', state: 's', secret: 'x', expires_at: '' } })
    await beginLogIn('/m/')
    finish(errandOf('s')!)
    expect(errandOf('s')).toMatchObject({ to: '/m/' })
    expect(errandOf('s')).not.toHaveProperty('secret')
  })
})

it('leads to pages of our own only', () => {
  expect(ownPage('/m/#/me', '/')).toBe('/m/#/me')
  for (const foreign of ['https://evil/', '//evil/', '/\\evil', 'javascript:1', undefined]) expect(ownPage(foreign, '/')).toBe('/')
})
