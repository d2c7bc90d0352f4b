/** The space of the keys that are configured, of the sign-in link's sessions, and of a loopback server that asks for no key. */
export const defaultSpace = 'default'
