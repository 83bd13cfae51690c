/** The server counts up to 999; a bell has no room for more than two digits. */
export const shownNumber = (unread: number): string => (unread > 99 ? '99+' : String(unread))
