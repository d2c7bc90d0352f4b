/** Bytes of request bodies in flight, of some requests or of all; at the limit, new ones are turned away instead of taken. */
export class MemoryBudget {
  readonly #limit: number
  #used = 0

  constructor(limitBytes: number) {
    this.#limit = limitBytes
  }

  get used(): number {
    return this.#used
  }

  get free(): number {
    return this.#limit - this.#used
  }

  /** Whether `bytes` were free; they are taken then, until `release`. */
  take(bytes: number): boolean {
    if (bytes > this.free) return false
    this.#used += bytes
    return true
  }

  release(bytes: number): void {
    this.#used -= bytes
  }
}
