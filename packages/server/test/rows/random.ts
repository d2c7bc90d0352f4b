/** A sequence of pseudo-random numbers (mulberry32), the same for every run. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed
  }

  /** 0 <= x < 1 */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }

  /** 0 <= n < below */
  whole(below: number): number {
    return Math.floor(this.next() * below)
  }

  of<Item>(items: readonly Item[]): Item {
    return items[this.whole(items.length)]!
  }

  chance(share: number): boolean {
    return this.next() < share
  }
}
