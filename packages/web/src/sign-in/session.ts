import { useSyncExternalStore } from 'react'

/** The server says so when it does not take a sign-in link; looked at before the router takes what it does not know out of the address. */
export const linkWasRefused = new URLSearchParams(location.search).has('signInLink')

let isSignedOut = false
const listeners = new Set<() => void>()

/** Called when the API answers 401. Signing in loads the page anew, so there is no way back. */
export function signedOut(): void {
  if (isSignedOut) return
  isSignedOut = true
  for (const listener of listeners) listener()
}

export function useSignedOut(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => isSignedOut,
  )
}
