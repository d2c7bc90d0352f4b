const key = 'burstlet.session'

/** A random id that lives as long as the tab. Where nothing may be stored, as long as the page. */
export function sessionId(): string {
  try {
    const known = sessionStorage.getItem(key)
    if (known !== null) return known
    const made = randomId()
    sessionStorage.setItem(key, made)
    return made
  } catch {
    return randomId()
  }
}

/** `crypto.randomUUID` exists in secure contexts only. */
function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
