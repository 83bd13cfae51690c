/** Where one wanted to be before logging in: only a page of the phone itself, never another address. */
export function landing(to: unknown): string {
  return typeof to === 'string' && /^\/(?!\/)/.test(to) && !to.startsWith('/login') ? to : '/'
}
