/** How long a body may take, in milliseconds: it holds memory meanwhile. */
export interface BodyTimeouts {
  /** Between two pieces of it. */
  readonly idle: number
  /** For all of it. */
  readonly total: number
}

export const defaultBodyTimeouts: BodyTimeouts = { idle: 15_000, total: 60_000 }

/** Ends a body that stands still, or comes too slowly. */
export class BodyTimer {
  readonly #idle: NodeJS.Timeout
  readonly #endsAt: number
  readonly #onLate: () => void

  constructor({ idle, total }: BodyTimeouts, onLate: () => void) {
    this.#endsAt = performance.now() + total
    this.#onLate = onLate
    this.#idle = setTimeout(onLate, Math.min(idle, total))
  }

  /** To be called for each piece. */
  progressed(): void {
    if (performance.now() > this.#endsAt) this.#onLate()
    else this.#idle.refresh()
  }

  stop(): void {
    clearTimeout(this.#idle)
  }
}
