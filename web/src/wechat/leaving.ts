/** Leaves this page. A module of its own, so that tests see where to. */
export function leaveFor(address: string): void {
  location.assign(address)
}
