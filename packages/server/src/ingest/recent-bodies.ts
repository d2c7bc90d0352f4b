import { createHash } from 'node:crypto'
import type { Outcome } from './delivery.ts'

interface Entry {
  readonly outcome: Promise<Outcome>
  readonly expires: number
}

/**
 * Bodies stored a short while ago. A client that lost the answer sends the same bytes again; they are answered as the
 * first time and stored once. A second copy that arrives while the first is being stored waits for it.
 */
export class RecentBodies {
  readonly #entries = new Map<string, Entry>()
  readonly #lifetimeMs: number
  readonly #most: number

  constructor(lifetimeMs = 10 * 60_000, most = 100_000) {
    this.#lifetimeMs = lifetimeMs
    this.#most = most
  }

  /** What tells bodies apart: the space, the path and every byte as it was sent. */
  static key(space: string, path: string, body: Uint8Array): string {
    return createHash('sha256').update(`${space}\0${path}\0`).update(body).digest('base64')
  }

  /**
   * Runs `store` unless the same body was stored recently or is being stored now.
   * A failure is forgotten, so that the client's next try is a real one; so is an outcome that says `repeatable`
   * (a body whose records have no time of their own: two equal ones may well be two events).
   */
  async once(key: string, store: () => Promise<Outcome & { repeatable: boolean }>): Promise<Outcome> {
    const known = this.#entries.get(key)
    if (known && known.expires > Date.now()) return known.outcome
    this.#forgetExpired()
    const stored = store()
    this.#entries.set(key, { outcome: stored, expires: Date.now() + this.#lifetimeMs })
    try {
      const outcome = await stored
      if (outcome.repeatable) this.#entries.delete(key)
      return outcome
    } catch (error) {
      this.#entries.delete(key)
      throw error
    }
  }

  /** Entries are in the order of their age, so the expired ones come first. */
  #forgetExpired(): void {
    const now = Date.now()
    for (const [key, entry] of this.#entries) {
      if (entry.expires > now && this.#entries.size < this.#most) return
      this.#entries.delete(key)
    }
  }
}
