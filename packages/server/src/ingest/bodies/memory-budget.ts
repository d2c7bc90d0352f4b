/** Bytes of request bodies in flight, of some requests or of all; at the limit, new ones are turned away instead of taken. */
export class MemoryBudget {
  readonly limit: number
  readonly #reserve: number
  #used = 0

  /** @param reserveBytes of the limit that only small bodies may have, so that large ones never shut them out */
  constructor(limitBytes: number, reserveBytes = 0) {
    this.limit = limitBytes
    this.#reserve = reserveBytes
  }

  get used(): number {
    return this.#used
  }

  /** What a body may still take, a small one or another. */
  free(isSmall: boolean): number {
    return this.limit - this.#used - (isSmall ? 0 : this.#reserve)
  }

  /** Takes bytes that are free, until `release`. */
  take(bytes: number): void {
    this.#used += bytes
  }

  release(bytes: number): void {
    this.#used -= bytes
  }
}
