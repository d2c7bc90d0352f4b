import { useSyncExternalStore } from 'react'

/** What a reader sets once for this browser. The colour scheme is kept by Mantine, everything else here. */
export interface Preferences {
  zone: 'local' | 'utc'
  singleKeys: boolean
  railCollapsed: boolean
}

const store = 'burstlet.preferences'
const defaults: Preferences = { zone: 'local', singleKeys: true, railCollapsed: false }

const listeners = new Set<() => void>()
let current = load()

function load(): Preferences {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(store) ?? '{}')
    return { ...defaults, ...(typeof stored === 'object' ? stored : {}) }
  } catch {
    return defaults
  }
}

export function preferences(): Preferences {
  return current
}

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change }
  try {
    localStorage.setItem(store, JSON.stringify(current))
  } catch {
    // Storage may be full or forbidden; the choice then holds until the page closes.
  }
  for (const listener of listeners) listener()
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, preferences)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
