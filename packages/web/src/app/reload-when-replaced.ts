const store = 'burstlet.reloaded-at'
const againAfter = 60_000

/**
 * After an upgrade of the server a page that is still open asks for parts that are gone. Loading it anew brings the new
 * page at the same address; at most once a minute, so that a part that is truly missing ends in the error notice.
 */
export function reloadWhenReplaced(): void {
  addEventListener('vite:preloadError', (event) => {
    try {
      if (Date.now() - Number(sessionStorage.getItem(store) ?? 0) < againAfter) return
      sessionStorage.setItem(store, String(Date.now()))
    } catch {
      return
    }
    event.preventDefault()
    location.reload()
  })
}
