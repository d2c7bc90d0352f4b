import { entryWords, HashSet64 } from './hash-set.ts'

/** Rows of `resources`, `scopes` and `metric_series` in one decoded request; opaque, may be sent between threads. */
export type Announcements = Int32Array

const defaultCapacity = 500_000

/**
 * Remembers which rows of `resources`, `scopes` and `metric_series` are already stored for a day, so that they are not
 * sent with every request. Bounded: two generations of half the capacity each, of which the older is forgotten when the
 * younger is full; what is still in use moves to the younger. To forget too early only sends a row again.
 */
export class AnnouncedRows {
  readonly #perGeneration: number
  #younger = new HashSet64()
  #older = new HashSet64()

  /** `capacity` is in rows; a row takes about 40 bytes. */
  constructor(capacity = defaultCapacity) {
    this.#perGeneration = Math.max(1, capacity >>> 1)
  }

  /** Rows remembered, those that are in both generations counted twice. */
  get size(): number {
    return this.#younger.size + this.#older.size
  }

  has(low: number, high: number, owner: number): boolean {
    if (this.#younger.has(low, high, owner)) return true
    if (!this.#older.has(low, high, owner)) return false
    this.#add(low, high, owner)
    return true
  }

  /** To be called with `Decoded.announces` once the request's blocks are durable, not before. */
  confirm(announcements: Announcements): void {
    for (let at = 0; at + entryWords <= announcements.length; at += entryWords) {
      this.#add(announcements[at]!, announcements[at + 1]!, announcements[at + 2]!)
    }
  }

  #add(low: number, high: number, owner: number): void {
    this.#younger.add(low, high, owner)
    if (this.#younger.size < this.#perGeneration) return
    this.#older = this.#younger
    this.#younger = new HashSet64()
  }
}
