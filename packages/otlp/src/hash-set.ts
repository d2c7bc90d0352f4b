const initialSlots = 256
/** Words of an entry: low and high word of the hash, and what it belongs to. */
export const entryWords = 3

/** A set of (64-bit hash, owner) without an object an entry. `owner` must not be 0. */
export class HashSet64 {
  size = 0
  #slots = new Int32Array(initialSlots * entryWords)

  clear(): void {
    if (this.size === 0) return
    this.size = 0
    if (this.#slots.length > 65_536) this.#slots = new Int32Array(initialSlots * entryWords)
    else this.#slots.fill(0)
  }

  has(low: number, high: number, owner: number): boolean {
    return this.#slots[this.#find(low, high, owner) + 2] !== 0
  }

  /** Answers whether the entry is new. */
  add(low: number, high: number, owner: number): boolean {
    const at = this.#find(low, high, owner)
    if (this.#slots[at + 2] !== 0) return false
    this.#slots[at] = low
    this.#slots[at + 1] = high
    this.#slots[at + 2] = owner
    this.size++
    if (this.size * 2 * entryWords > this.#slots.length) this.#rehash()
    return true
  }

  /** Where the entry is, or where it would go. */
  #find(low: number, high: number, owner: number): number {
    const slots = this.#slots
    const mask = slots.length / entryWords - 1
    let slot = (low ^ high ^ Math.imul(owner, 0x9e3779b1)) & mask
    for (;;) {
      const at = slot * entryWords
      if (slots[at + 2] === 0) return at
      if (slots[at] === (low | 0) && slots[at + 1] === (high | 0) && slots[at + 2] === (owner | 0)) return at
      slot = (slot + 1) & mask
    }
  }

  #rehash(): void {
    const old = this.#slots
    this.#slots = new Int32Array(old.length * 2)
    for (let at = 0; at < old.length; at += entryWords) {
      if (old[at + 2] === 0) continue
      const to = this.#find(old[at]!, old[at + 1]!, old[at + 2]!)
      this.#slots.set(old.subarray(at, at + entryWords), to)
    }
  }
}
